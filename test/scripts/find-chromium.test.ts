import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { findChromium } from '../../scripts/find-chromium'

const { CHROME_PATH, PATH } = process.env
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'chromium-'))
  await writeFile(path.join(folder, 'chromium'), '')
  delete process.env.CHROME_PATH
})
afterEach(async () => {
  process.env.PATH = PATH
  if (CHROME_PATH === undefined) delete process.env.CHROME_PATH
  else process.env.CHROME_PATH = CHROME_PATH
  await rm(folder, { recursive: true, force: true })
})

test('CHROME_PATH comes first', async () => {
  process.env.CHROME_PATH = path.join(folder, 'chromium')
  expect(await findChromium()).toBe(path.join(folder, 'chromium'))
})

test('a CHROME_PATH that is wrong is said to be, and nothing else is taken', async () => {
  process.env.CHROME_PATH = path.join(folder, 'gone')
  await expect(findChromium()).rejects.toMatchObject({
    code: 'NO_BROWSER',
    message: expect.stringContaining(path.join(folder, 'gone')),
  })
})

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('an installed browser is found on the PATH', async () => {
  process.env.PATH = [path.join(folder, 'none'), folder].join(path.delimiter)
  expect(await findChromium()).toBe(path.join(folder, 'chromium'))
})
