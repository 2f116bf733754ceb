import { beforeEach, describe, expect, jest, test } from '@jest/globals'
import type * as Signing from '../../miniprogram/signing/index'
import type { Wx } from '../../miniprogram/signing/wx'
import { cosTime, environment, queryOf } from './environment'

// What signatures ask of wx is what WeChat's newest typings have: this compiles.
void ({} as WechatMiniprogram.Wx satisfies Wx)

const env = environment()

let app: typeof Signing

/** A launch of the app: its modules are new, the storage of the phone is not. */
function launch(): void {
  jest.isolateModules(() => {
    app = require('../../miniprogram/signing/index') as typeof Signing
  })
}

beforeEach(launch)

function localKey(): Signing.BucketKey {
  return {
    SecretId: 'local-secret-id',
    SecretKey: 'local-secret-key',
    Bucket: 'examplebucket-1250000000',
    Region: 'ap-beijing',
    Domain: new URL(env.stack.cloud).host,
    Protocol: 'http:',
  }
}

function choose(source: Signing.Source): void {
  app.chooseSource(source, source === 'permanent-key' ? localKey() : undefined)
}

describe.each(['temporary-key', 'server-signed', 'permanent-key'] as const)('%s', (source) => {
  let key: string

  beforeEach(async () => {
    choose(source)
    key = `${await app.userPrefix()}photos/a 图.png`
  })

  /** Signs a request and sends exactly what is signed. */
  async function send(
    request: Omit<Parameters<typeof app.signRequest>[0], 'key'>,
    body?: string,
  ): Promise<Response> {
    const { url, method, headers } = await app.signRequest({ key, ...request })
    return fetch(url, { method, headers, body })
  }

  async function expectStored(text: string, type: string): Promise<void> {
    const got = await send({ method: 'GET' })
    expect(got.status).toBe(200)
    expect(got.headers.get('content-type')).toBe(type)
    expect(await got.text()).toBe(text)
  }

  test('signs a PUT and a GET', async () => {
    const headers = { 'Content-Type': 'image/png' }
    const put = await send({ method: 'PUT', headers }, `put with ${source}`)
    expect(put.status).toBe(200)
    await expectStored(`put with ${source}`, 'image/png')
    const head = await send({ method: 'HEAD' })
    expect(head.headers.get('etag')).toBe(put.headers.get('etag'))
  })

  test('signs a form', async () => {
    const text = `posted with ${source}`
    const maxBytes = Buffer.byteLength(text)
    const signed = await app.signPostForm({ key, contentType: 'text/plain', maxBytes })
    const post = (file: string) => {
      const body = new FormData()
      for (const [name, value] of Object.entries(signed.fields)) body.append(name, value)
      body.append('file', new Blob([file]), 'a.txt')
      return fetch(signed.url, { method: 'POST', body })
    }
    expect((await post(text)).status).toBe(204)
    expect((await post(`${text}!`)).status).toBe(400)
    await expectStored(text, 'text/plain')
  })

  test('signs a multipart upload', async () => {
    const first = '1'.repeat(1024 ** 2)
    const headers = { 'Content-Type': 'video/mp4' }
    const begun = await send({ method: 'POST', query: { uploads: '' }, headers })
    const uploadId = /<UploadId>(.+?)</.exec(await begun.text())?.[1] ?? ''
    for (const [index, part] of [first, source].entries()) {
      const query = { partNumber: String(index + 1), uploadId }
      expect((await send({ method: 'PUT', query }, part)).status).toBe(200)
    }
    const listed = await send({ method: 'GET', query: { uploadId, 'max-parts': '1000' } })
    const etags = [...(await listed.text()).matchAll(/<ETag>(.+?)</g)].map(([, etag]) => etag)
    expect(etags).toHaveLength(2)
    const parts = etags.map(
      (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
    )
    const completed = await send(
      { method: 'POST', query: { uploadId } },
      `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
    )
    expect(await completed.text()).toContain('</CompleteMultipartUploadResult>')
    await expectStored(first + source, 'video/mp4')
  })

  test('signs the end of a multipart upload', async () => {
    const headers = { 'Content-Type': 'image/png' }
    const begun = await send({ method: 'POST', query: { uploads: '' }, headers })
    const uploadId = /<UploadId>(.+?)</.exec(await begun.text())?.[1] ?? ''
    expect((await send({ method: 'DELETE', query: { uploadId } })).status).toBe(204)
    expect((await send({ method: 'GET', query: { uploadId } })).status).toBe(404)
  })

  test('signs again for a renewal', async () => {
    const renew = { serverTime: cosTime() }
    expect((await send({ method: 'PUT', renew }, 'renewed')).status).toBe(200)
    const signed = await app.signPostForm({ key, renew })
    expect(signed.fields['q-signature']).toMatch(/^[\da-f]{40}$/)
  })
})

describe('the source', () => {
  test('is a temporary key, unless another was chosen', async () => {
    expect(app.signingSource()).toBe('temporary-key')
    await app.signRequest({ method: 'GET', key: 'a' })
    expect(env.asked()).toEqual(['/session', '/credentials'])
  })

  test('changes for the next signature', async () => {
    const key = `${await app.userPrefix()}a`
    const sign = async () => queryOf((await app.signRequest({ method: 'GET', key })).url)['q-ak']
    const temporary = await sign()
    choose('server-signed')
    expect(app.signingSource()).toBe('server-signed')
    await sign()
    choose('permanent-key')
    expect(app.signingSource()).toBe('permanent-key')
    expect(await sign()).toBe('local-secret-id')
    expect(await app.userPrefix()).toBe('')
    choose('temporary-key')
    expect(await sign()).toBe(temporary)
    expect(env.asked()).toEqual(['/session', '/credentials', '/presign'])
  })

  test('is remembered at the next launch', () => {
    choose('server-signed')
    launch()
    expect(app.signingSource()).toBe('server-signed')
    choose('temporary-key')
    launch()
    expect(app.signingSource()).toBe('temporary-key')
  })

  test('is forgotten at the next launch when it is a permanent key', async () => {
    choose('server-signed')
    choose('permanent-key')
    await app.signRequest({ method: 'GET', key: 'a' })
    launch()
    expect(app.signingSource()).toBe('server-signed')
  })

  test('is never stored when it is a permanent key, nor is any of it', async () => {
    const store = jest.spyOn(env.wx, 'setStorageSync')
    choose('permanent-key')
    await app.signRequest({ method: 'PUT', key: 'a' })
    await app.signPostForm({ key: 'a', renew: { serverTime: 1 } })
    expect(store).not.toHaveBeenCalled()
    choose('server-signed')
    expect(store.mock.calls).toEqual([['signing-source', 'server-signed']])
  })

  test.each(['permanent-key', 'sts', 'toString', '', 7, null, { source: 'server-signed' }])(
    'is the default when the storage holds %j',
    (stored) => {
      env.wx.setStorageSync('signing-source', stored)
      launch()
      expect(app.signingSource()).toBe('temporary-key')
    },
  )

  test('stays when a permanent key is refused', async () => {
    const NO_CREDENTIALS = expect.objectContaining({ code: 'NO_CREDENTIALS' })
    choose('server-signed')
    expect(() => app.chooseSource('permanent-key')).toThrow(NO_CREDENTIALS)
    expect(app.signingSource()).toBe('server-signed')
    await env.replacePhone({ envVersion: 'release' })
    expect(app.permanentKeyAllowed()).toBe(false)
    expect(() => choose('permanent-key')).toThrow(NO_CREDENTIALS)
    expect(app.signingSource()).toBe('temporary-key')
  })

  test('stays when the storage refuses the choice', () => {
    choose('permanent-key')
    env.wx.setStorageSync = () => {
      throw new Error('setStorageSync:fail exceed storage max size 10Mb')
    }
    expect(() => choose('server-signed')).toThrow('exceed storage')
    expect(app.signingSource()).toBe('permanent-key')
  })
})

test('the server decides the configuration, for every signing source', async () => {
  choose('permanent-key')
  expect(await app.serverConfig()).toMatchObject({
    bucket: 'examplebucket-1250000000',
    localCloud: true,
  })
})

describe('the server', () => {
  test('can be asked before it is chosen', async () => {
    const { server: address } = env.stack
    app.chooseServer('http://127.0.0.1:9')
    expect(await app.serverConfig(address)).toMatchObject({ localCloud: true })
    expect(app.serverUrl()).toBe('http://127.0.0.1:9')
  })

  test('is refused when something else answers as JSON', async () => {
    const { request } = env.wx
    env.wx.request = (option) =>
      request({
        ...option,
        success: (result) => option.success?.({ ...result, data: { bucket: 'a', host: 'b' } }),
      })
    await expect(app.serverConfig()).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      statusCode: 200,
    })
  })
})

test('all that was chosen can be forgotten, and nothing else', async () => {
  env.wx.setStorageSync('unfinished-upload:a', {})
  choose('server-signed')
  choose('permanent-key')
  app.forgetChoices()
  expect(app.signingSource()).toBe('temporary-key')
  expect(app.serverUrl()).toBe('http://127.0.0.1:3000')
  expect(env.wx.getStorageInfoSync().keys).toEqual(['unfinished-upload:a'])
})
