/** The code of documents is the sample that a test runs (test/samples/recipes.test.ts). */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { blocks, read } from './documents'

test('docs/from-cos-wx-sdk.md ports the demo whole', () => {
  const [code] = blocks(read('docs/from-cos-wx-sdk.md'), 'ts')
  expect(code).toBe(readFileSync('miniprogram/samples/from-cos-wx-sdk.ts', 'utf8'))
})

test('the first block of README.md is the recipe of a PUT, whole', () => {
  const [first] = blocks(read('README.md'), 'ts')
  expect(first).toBe(readFileSync('miniprogram/samples/put-object.ts', 'utf8'))
})
