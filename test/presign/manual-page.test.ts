/** The samples of the manual page, run from the page that shows them. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { mount, type Mounted } from '../helpers/mount'
import { changeWx, wx } from '../helpers/page-environment'
import { until } from '../helpers/until'

const PAGE = 'presign/manual-page/manual-page'
const SAMPLES = [
  'get-authorization',
  'download-1-unsigned',
  'download-2-signed',
  'download-3-callback',
  'download-4-expires',
  'download-5-download',
  'download-6-query-and-headers',
  'upload-1-put-object',
]

/** Runs a sample and gives what the page says of it. */
async function run(page: Mounted, name: string): Promise<string> {
  await page.tap(`.${name} .run`)
  await until(() => page.data.running === '', name)
  return page.text(`.${name} .outcome`)
}

const signed = (page: Mounted, name: string) => String(page.attr(`.${name} secret-value`, 'value'))

test('every sample is there, in the order of the manual page, with its code', () => {
  const page = mount(PAGE)
  const names = page.instance.data.groups.flatMap((group: { samples: { name: string }[] }) =>
    group.samples.map(({ name }) => name),
  )
  expect(names).toEqual(SAMPLES)
  const withoutComments = (code: string) => code.replace(/\/\/.*|\/\*[^]*?\*\//g, '')
  for (const name of SAMPLES) {
    const code = String(page.attr(`.${name} copy-button`, 'text'))
    const source = readFileSync(`miniprogram/presign/manual-samples/${name}.ts`, 'utf8').trim()
    expect(withoutComments(code)).toBe(withoutComments(source))
    expect(code).toMatch(/[\u4e00-\u9fff]/)
  }
})

test('every sample runs with the temporary key, once the photo is there', async () => {
  const page = mount(PAGE)
  expect(await run(page, 'download-2-signed')).toContain('GET 404')
  expect(await run(page, 'download-5-download')).toContain('✗ COS 返回404')
  expect(await run(page, 'upload-1-put-object')).toContain('✓ COS 返回200')

  expect(await run(page, 'get-authorization')).toContain('GET 200')
  expect(signed(page, 'get-authorization')).toMatch(/^q-sign-algorithm=sha1&q-ak=/)
  expect(await run(page, 'download-1-unsigned')).toMatch(
    /GET 403.*请求未签名，而对象是私有的。诊断代码/,
  )
  for (const name of ['download-2-signed', 'download-3-callback', 'download-4-expires']) {
    expect(await run(page, name)).toContain('GET 200')
    expect(signed(page, name)).toContain('/Profile%20photo.jpg?q-sign-algorithm=sha1')
  }
  expect(await run(page, 'download-6-query-and-headers')).toContain('GET 200')
  expect(signed(page, 'download-6-query-and-headers')).toContain('imageMogr2%2Fthumbnail')

  expect(await run(page, 'download-5-download')).toContain('✓ COS 返回200')
  const filePath = String(page.attr('.download-5-download .picture', 'src'))
  const { data } = await new Promise<{ data: string | ArrayBuffer }>((success, fail) => {
    wx.getFileSystemManager().readFile({ filePath, success, fail })
  })
  expect(Buffer.from(data as ArrayBuffer).subarray(0, 2)).toEqual(Buffer.from('ffd8', 'hex'))
})

test('where the server signs, callbacks get what it signed, and a return does not', async () => {
  await changeWx({ storage: { 'signing-source': 'server-signed' } })
  const page = mount(PAGE)
  expect(page.text('.source')).toContain('服务端签名')
  expect(await run(page, 'upload-1-put-object')).toContain('✓ COS 返回200')
  expect(await run(page, 'download-3-callback')).toContain('GET 200')
  expect(await run(page, 'download-5-download')).toContain('✓ COS 返回200')
  expect(await run(page, 'download-2-signed')).toContain('GET 403')
  expect(await run(page, 'get-authorization')).toContain('小程序里没有密钥')
})

test('a server that is down is named, and what was signed before goes', async () => {
  const page = mount(PAGE)
  await run(page, 'download-2-signed')
  wx.request = ({ fail }) => {
    setTimeout(() => fail?.({ errMsg: 'request:fail', errno: 600001 } as never))
    return { abort() {} } as never
  }
  expect(await run(page, 'download-2-signed')).toContain('连接失败')
})

test.each([
  ['download-4-expires', { Method: 'GET', Expires: '3600', Sign: true }],
  ['download-1-unsigned', { Sign: false }],
  ['download-6-query-and-headers', { Query: 'imageMogr2/thumbnail/200x/=' }],
  ['upload-1-put-object', { Method: 'PUT', Headers: 'Content-Type: image/jpeg' }],
])('%s opens in the workbench with its fields', async (name, fields) => {
  const url = String(mount(PAGE).attr(`.${name} .to-workbench`, 'url'))
  const [path = '', query = ''] = url.slice(1).split('?')
  // Not decoded, as WeChat hands it over.
  const pairs = query.split('&').map((pair) => pair.split('=') as [string, string])
  const page = mount(path, { query: Object.fromEntries(pairs) })
  await until(() => page.has('.url') || page.has('.plain-url'), 'the signature')
  const { form } = page.instance.selectComponent('#playground').data
  expect(form).toMatchObject({ Key: 'Profile photo.jpg', ...fields })
})

test('speaks English to others', async () => {
  await changeWx({ language: 'en' })
  const page = mount(PAGE)
  expect(await run(page, 'download-3-callback')).toContain('GET')
  expect(page.text()).not.toMatch(/[\u4e00-\u9fff]/)
})
