import { chmodSync, cpSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { launchChromium } from '../../scripts/shared/launch-chromium'
import { tempDir } from '../helpers/temp-dir'

const { CHROME_PATH, PATH } = process.env
let folder: ReturnType<typeof tempDir>
let program: string

/** What is no browser ends at once: the error names what was started. */
beforeEach(() => {
  folder = tempDir()
  program = path.join(folder.path, 'chromium')
  writeFileSync(program, '#!/bin/sh\nexit 7\n')
  chmodSync(program, 0o755)
  delete process.env.CHROME_PATH
})
afterEach(() => {
  process.env.PATH = PATH
  if (CHROME_PATH === undefined) delete process.env.CHROME_PATH
  else process.env.CHROME_PATH = CHROME_PATH
  folder.remove()
})

test('a CHROME_PATH that is wrong is said to be, and nothing else is taken', async () => {
  process.env.CHROME_PATH = path.join(folder.path, 'gone')
  await expect(launchChromium()).rejects.toThrow(path.join(folder.path, 'gone'))
})

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('CHROME_PATH comes first', async () => {
  process.env.CHROME_PATH = program
  await expect(launchChromium()).rejects.toThrow(program)
})

onLinux.each(['chromium', 'chromium-headless-shell'])('%s on the PATH is found', async (name) => {
  const place = path.join(folder.path, 'later', name)
  cpSync(program, place)
  process.env.PATH = [path.join(folder.path, 'none'), folder.path, path.dirname(place)].join(':')
  const found = name === 'chromium' ? program : place
  await expect(launchChromium()).rejects.toThrow(`${found} `)
})
