import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { tempDir } from '../helpers/temp-dir'

const ROOT = path.join(__dirname, '../..')
const out = tempDir()

afterAll(() => out.remove())

async function screenshots(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--require', 'tsx/cjs', 'scripts/screenshots.ts', ...args],
    {
      cwd: ROOT,
    },
  )
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text: lines.join('') }
}

test('a state is one sheet with its eight looks', async () => {
  const { code, text } = await screenshots('--out', out.path, 'download-object-url')
  const sheet = path.join(out.path, 'download-object-url.png')
  expect({ code, text }).toEqual({ code: 0, text: `${sheet}\n` })
  const png = fs.readFileSync(sheet)
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  expect(width).toBeGreaterThan(4 * 390) // four in a row
  expect(height).toBeGreaterThan(844 + 568) // two rows
})

test('a state that is not there is named', async () => {
  const { code, text } = await screenshots('--out', out.path, 'nothing')
  expect({ code, text }).toEqual({ code: 1, text: 'no state begins with nothing (see --list)\n' })
})
