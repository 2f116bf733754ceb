import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fs from 'node:fs'
import path from 'node:path'
import { createPrivateConfig } from '../../scripts/start/private-config'
import { tempDir, type TempDir } from '../helpers/temp-dir'

const EXAMPLE = path.join(__dirname, '../../project.private.config.example.json')

let root: TempDir
let file: string

beforeEach(() => {
  root = tempDir()
  file = path.join(root.path, 'project.private.config.json')
  fs.copyFileSync(EXAMPLE, path.join(root.path, path.basename(EXAMPLE)))
})

afterEach(() => root.remove())

describe('createPrivateConfig', () => {
  test('lets DevTools reach the local cloud', () => {
    createPrivateConfig(root.path)
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({
      setting: { urlCheck: false },
    })
  })

  test("keeps a reader's own file", () => {
    fs.writeFileSync(file, '{ "appid": "wx0123456789abcdef" }')
    createPrivateConfig(root.path)
    expect(fs.readFileSync(file, 'utf8')).toBe('{ "appid": "wx0123456789abcdef" }')
  })
})
