import { afterAll, expect, test } from '@jest/globals'
import { tempDir } from '../helpers/temp-dir'
import { crashTest } from './crash'

const dir = tempDir()
afterAll(dir.remove)

test('killed at random moments, every object is the old one or the new one, whole', async () => {
  const { kills, interrupted, problems } = await crashTest(dir.path, 8)
  expect(problems).toEqual([])
  expect(kills).toBe(8)
  expect(interrupted).toBeGreaterThan(0)
})
