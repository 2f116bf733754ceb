import { cp, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createPreview } from '../../preview/preview'

let folder: string
let source: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'preview-'))
  source = path.join(folder, 'miniprogram')
  await cp(path.join(__dirname, 'fixture'), source, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const start = () => createPreview({ port: 0, source }).start()

describe('a build fails with the place of the error', () => {
  test.each([
    ['pages/index/index.wxml', '<view>\n  <text>{{ a. }}</text>\n</view>', ':2:15: '],
    ['pages/index/index.wxml', '<view>\n<text></view>', ':2:2: missing end tag'],
    ['pages/index/index.wxss', '.a {\n  color: red;\n', ':1:1: Unclosed block'],
    ['pages/index/index.ts', 'Page({\n  data: {,\n})', ':2:9: ERROR: '],
    ['pages/index/index.json', '{ "component": ', 'index.json: '],
    ['pages/index/index.json', '{ "usingComponents": { "gone": "gone" } }', 'gone.json: '],
    ['shared/footer.wxml', '<import src="gone" />', 'gone.wxml is missing'],
  ])('%s: %s', async (file, text, message) => {
    await writeFile(path.join(source, file), text)
    const error = await start().catch((reason: Error) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).toContain(message)
  })
})

describe('the server', () => {
  test('rebuilds when a page is loaded after a source changed, and shows the error', async () => {
    const preview = createPreview({ port: 0, source })
    const { url } = await preview.start()
    const file = path.join(source, 'pages/index/index.wxml')
    await writeFile(file, '<view>{{')
    const later = new Date(Date.now() + 5_000)
    await utimes(file, later, later)
    const response = await fetch(url)
    expect(response.status).toBe(500)
    expect(await response.text()).toContain('index.wxml:1:')
    await preview.stop()
  })

  test('serves the images of the mini program and none of its sources', async () => {
    await writeFile(path.join(source, 'dot.svg'), '<svg/>')
    await writeFile(path.join(folder, 'outside.svg'), '<svg/>')
    const preview = createPreview({ port: 0, source })
    const { url } = await preview.start()
    const statusOf = async (pathname: string) => (await fetch(url + pathname)).status
    expect(await (await fetch(`${url}/dot.svg`)).text()).toBe('<svg/>')
    expect(await statusOf('/app.ts')).toBe(404)
    expect(await statusOf('/..%2foutside.svg')).toBe(404)
    await preview.stop()
  })

  test('a port that is taken is an error', async () => {
    const preview = createPreview({ port: 0, source })
    const { port } = await preview.start()
    await expect(createPreview({ port, source }).start()).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    await preview.stop()
  })
})
