import { existsSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { installNodeWx } from '../helpers/node-wx'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'
import { nodeWxCases } from './node-wx-cases'

nodeWxCases()

test('installNodeWx puts the former wx back', async () => {
  const scope = globalThis as { wx?: unknown }
  const former = scope.wx
  const { wx, restore } = installNodeWx()
  expect(scope.wx).toBe(wx)
  await restore()
  expect(scope.wx).toBe(former)
})

test('tempDir removes what it made', () => {
  const dir = tempDir()
  expect(existsSync(dir.path)).toBe(true)
  dir.remove()
  expect(existsSync(dir.path)).toBe(false)
})

describe('until', () => {
  test('gives the first truthy value', async () => {
    let asked = 0
    expect(await until(() => ++asked === 3 && 'third')).toBe('third')
  })

  test('names what did not happen', async () => {
    const wait = until(() => false, 'the result appears', { timeout: 20 })
    await expect(wait).rejects.toThrow('not within 20 ms: the result appears')
  })
})
