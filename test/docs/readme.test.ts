/** The code of README.md is the sample that a test runs (test/samples/recipes.test.ts). */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { blocks, read } from './documents'

test('the first block of README.md is the recipe of a PUT, whole', () => {
  const [first] = blocks(read('README.md'), 'ts')
  expect(first).toBe(readFileSync('miniprogram/samples/put-object.ts', 'utf8'))
})
