import { describe, expect, test } from '@jest/globals'
import COS, { type ObjectUrlParams } from '../../miniprogram/cos'
import { send } from '../local-cloud/sign'
import {
  KEYS,
  OBJECT,
  HOST,
  PHOTO,
  THE_PHOTO,
  port,
  cos,
  callbackUrl,
  open,
  fields,
  refused,
  wait,
} from './manual-page-steps'

/** The manual page "Generating Pre-Signed URL" (Mini Program SDK), field by field. */

/** The lifetime that a URL or an Authorization claims, in seconds. */
function lifetime(signed: string): number {
  const [, start, end] = /q-sign-time=(\d+)(?:;|%3B)(\d+)/.exec(signed)!
  return Number(end) - Number(start)
}

/** With an object, and the status of the response. */
const METHODS = [
  ['GET', 'exampleobject', 200],
  ['HEAD', 'exampleobject', 200],
  ['PUT', 'another', 200],
  ['DELETE', 'another', 204],
] as const

describe('the fields of COS.getAuthorization', () => {
  const sample = { ...KEYS, Method: 'get', Key: 'exampleobject', Expires: 60 }
  const request = (
    authorization: string,
    { method = 'GET', path = '/exampleobject', headers = {} } = {},
  ) => send(port, method, path, { headers: { authorization, ...headers } })

  test('SecretId names the key', async () => {
    const authorization = COS.getAuthorization({ ...sample, SecretId: 'SECRETID' })
    expect(authorization).toContain('&q-ak=SECRETID&')
    expect(await request(authorization)).toMatchObject(refused('InvalidAccessKeyId'))
  })

  test('SecretKey signs', async () => {
    const authorization = COS.getAuthorization({ ...sample, SecretKey: 'SECRETKEY' })
    expect(await request(authorization)).toMatchObject(refused('SignatureDoesNotMatch'))
  })

  test.each(METHODS)('Method: %s', async (Method, Key, status) => {
    const authorization = COS.getAuthorization({ ...sample, Method, Key })
    const answer = await request(authorization, { method: Method, path: `/${Key}` })
    expect(answer.status).toBe(status)
  })

  test('Method: POST is signed as such, and as nothing else', async () => {
    const path = '/exampleobject?uploads'
    const options = { ...sample, Query: { uploads: '' } }
    const post = COS.getAuthorization({ ...options, Method: 'POST' })
    const get = COS.getAuthorization({ ...options, Method: 'GET' })
    expect(await request(get, { method: 'POST', path })).toMatchObject(
      refused('SignatureDoesNotMatch'),
    )
    const answer = await request(post, { method: 'POST', path })
    expect(answer.code).not.toBe('SignatureDoesNotMatch')
    expect(answer.status).not.toBe(403)
  })

  test('Key is the object; left out or empty it is the bucket', async () => {
    for (const Key of [undefined, '']) {
      const authorization = COS.getAuthorization({ ...sample, Method: 'HEAD', Key })
      const answer = await request(authorization, { method: 'HEAD', path: '/' })
      expect(answer.status).toBe(200)
      expect(answer.headers['x-cos-bucket-region']).toBe('ap-beijing')
    }
  })

  test('Query is included in the signature', async () => {
    const Query = { 'response-content-type': 'text/plain' }
    const authorization = COS.getAuthorization({ ...sample, Query })
    const path = '/exampleobject?response-content-type='
    const answer = await request(authorization, { path: `${path}text%2Fplain` })
    expect(answer).toMatchObject(THE_PHOTO)
    expect(answer.headers['content-type']).toBe('text/plain')
    const html = await request(authorization, { path: `${path}text%2Fhtml` })
    expect(html).toMatchObject(refused('SignatureDoesNotMatch'))
    expect(await request(authorization)).toMatchObject(refused('SignatureDoesNotMatch'))
  })

  test('Headers are included in the signature', async () => {
    const authorization = COS.getAuthorization({ ...sample, Headers: { Range: 'bytes=0-1' } })
    const answer = await request(authorization, { headers: { range: 'bytes=0-1' } })
    expect(answer.status).toBe(206)
    expect(answer.body).toEqual(PHOTO.subarray(0, 2))
    const wider = await request(authorization, { headers: { range: 'bytes=0-7' } })
    expect(wider).toMatchObject(refused('SignatureDoesNotMatch'))
    expect(await request(authorization)).toMatchObject(refused('SignatureDoesNotMatch'))
  })

  test('Expires is the lifetime in seconds', async () => {
    const authorization = COS.getAuthorization(sample)
    expect(lifetime(authorization)).toBe(60)
    wait(55)
    expect(await request(authorization)).toMatchObject(THE_PHOTO)
    wait(10)
    expect(await request(authorization)).toMatchObject(refused('AccessDenied'))
  })

  test('Expires is 900 by default', async () => {
    const authorization = COS.getAuthorization({ ...sample, Expires: undefined })
    expect(lifetime(authorization)).toBe(900)
    wait(895)
    expect(await request(authorization)).toMatchObject(THE_PHOTO)
    wait(10)
    expect(await request(authorization)).toMatchObject(refused('AccessDenied'))
  })

  test('the return value is the authentication credential string', () => {
    expect(COS.getAuthorization(sample)).toMatch(
      /^q-sign-algorithm=sha1&q-ak=local-secret-id&q-sign-time=(\d+;\d+)&q-key-time=\1&q-header-list=&q-url-param-list=&q-signature=[0-9a-f]{40}$/,
    )
  })
})

describe('the fields of cos.getObjectUrl', () => {
  const signed = (params: Partial<ObjectUrlParams> = {}) =>
    cos().getObjectUrl({ ...OBJECT, ...params })

  test('Bucket: another bucket is another host', async () => {
    const url = signed({ Bucket: 'another-1250000000' })
    expect(new URL(url).host).toBe('another-1250000000.cos.ap-beijing.myqcloud.com')
    expect(await open(url)).toMatchObject(refused('NoSuchBucket'))
  })

  test('Region: another region is another host', async () => {
    const url = signed({ Region: 'ap-shanghai' })
    expect(new URL(url).host).toBe('examplebucket-1250000000.cos.ap-shanghai.myqcloud.com')
    expect(await open(url)).toMatchObject(refused('NoSuchBucket'))
  })

  test('Key is the object', async () => {
    expect(await open(signed())).toMatchObject(THE_PHOTO)
    expect(await open(signed({ Key: 'missing.jpg' }))).toMatchObject(refused('NoSuchKey'))
  })

  test('Key, left empty, is the bucket', async () => {
    const url = signed({ Key: '', Method: 'HEAD' })
    expect(url).toContain(`http://${HOST}/?`)
    const answer = await open(url, 'HEAD')
    expect(answer.status).toBe(200)
    expect(answer.headers['x-cos-bucket-region']).toBe('ap-beijing')
  })

  test('Sign is true by default', async () => {
    expect(fields(signed())).toHaveProperty('q-signature')
    expect(fields(signed({ Sign: true }))).toHaveProperty('q-signature')
    expect(fields(signed({ Sign: false }))).toEqual({})
    expect(await open(signed())).toMatchObject(THE_PHOTO)
  })

  test('Sign: false keeps the Query in the plain URL', () => {
    const url = signed({ Sign: false, Query: { 'imageMogr2/thumbnail/200x/': '' } })
    expect(fields(url)).toEqual({ 'imageMogr2/thumbnail/200x/': '' })
  })

  test.each([
    ['http:', undefined],
    ['http:', 'http:'],
    ['https:', 'https:'],
  ])('Protocol is %s for %j', async (protocol, Protocol) => {
    const url = signed({ Protocol })
    expect(new URL(url).protocol).toBe(protocol)
    expect(await open(url)).toMatchObject(THE_PHOTO)
  })

  test('Domain is {BucketName-APPID}.cos.{Region}.myqcloud.com by default', async () => {
    expect(new URL(signed()).host).toBe(HOST)
    expect(await open(signed())).toMatchObject(THE_PHOTO)
  })

  test('Domain is addressed and signed', async () => {
    const url = signed({ Domain: 'photos.example.com' })
    expect(new URL(url).host).toBe('photos.example.com')
    expect(await open(url)).toMatchObject(THE_PHOTO)
    const elsewhere = url.replace('photos.example.com', HOST)
    expect(await open(elsewhere)).toMatchObject(refused('SignatureDoesNotMatch'))
  })

  test('Method is GET by default', async () => {
    expect(fields(signed())['q-signature']).toBe(fields(signed({ Method: 'GET' }))['q-signature'])
    expect(await open(signed(), 'GET')).toMatchObject(THE_PHOTO)
    expect(await open(signed(), 'PUT')).toMatchObject(refused('SignatureDoesNotMatch'))
  })

  test.each(METHODS)('Method: %s', async (Method, Key, status) => {
    expect((await open(signed({ Method, Key }), Method)).status).toBe(status)
  })

  test('Query is in the URL and in the signature', async () => {
    const url = signed({ Query: { 'response-content-type': 'text/plain' } })
    const answer = await open(url)
    expect(answer).toMatchObject(THE_PHOTO)
    expect(answer.headers['content-type']).toBe('text/plain')
    const html = url.replace('text%2Fplain', 'text%2Fhtml')
    expect(html).not.toBe(url)
    expect(await open(html)).toMatchObject(refused('SignatureDoesNotMatch'))
  })

  test('Headers must be sent as they were signed', async () => {
    const url = signed({ Method: 'PUT', Key: 'typed', Headers: { 'Content-Type': 'image/jpeg' } })
    const put = (type: string) =>
      open(url, 'PUT', { headers: { 'content-type': type }, body: PHOTO })
    expect(await put('text/html')).toMatchObject(refused('SignatureDoesNotMatch'))
    expect((await put('image/jpeg')).status).toBe(200)
  })

  test('Expires is 900 by default', async () => {
    const url = signed()
    expect(lifetime(url)).toBe(900)
    wait(895)
    expect(await open(url)).toMatchObject(THE_PHOTO)
    wait(10)
    expect(await open(url)).toMatchObject({ status: 403, message: 'Request has expired' })
  })
})

describe('what cos.getObjectUrl returns and calls back', () => {
  const temporaryKey = {
    TmpSecretId: 'TMPID',
    TmpSecretKey: 'TMPKEY',
    SecurityToken: 'TOKEN',
    ExpiredTime: Math.floor(Date.now() / 1000) + 1800,
  }

  test('with SecretId and SecretKey passed in during instantiation: the signed URL', async () => {
    expect(await open(cos().getObjectUrl(OBJECT))).toMatchObject(THE_PHOTO)
  })

  test('otherwise: an unsigned URL', () => {
    expect(new COS().getObjectUrl(OBJECT)).toBe(`http://${HOST}/Profile%20photo.jpg`)
    const asynchronous = new COS({ getAuthorization: (_, callback) => callback(temporaryKey) })
    expect(asynchronous.getObjectUrl(OBJECT)).toBe(`http://${HOST}/Profile%20photo.jpg`)
  })

  test('err is empty on success, and data.Url is the calculated URL', async () => {
    const [err, data] = await new Promise<unknown[]>((resolve) =>
      cos().getObjectUrl(OBJECT, (...args) => resolve(args)),
    )
    expect(err).toBeNull()
    expect(data).toEqual({ Url: expect.stringContaining(`http://${HOST}/Profile%20photo.jpg?q-`) })
    expect(await open((data as { Url: string }).Url)).toMatchObject(THE_PHOTO)
  })

  test('err is an object on failure, and data is empty', async () => {
    const [err, data] = await new Promise<unknown[]>((resolve) =>
      new COS({ getAuthorization: (_, callback) => callback('') }).getObjectUrl(OBJECT, (...args) =>
        resolve(args),
      ),
    )
    expect(err).toBeInstanceOf(Error)
    expect(err).toMatchObject({ code: 'INVALID_CREDENTIALS' })
    expect(data).toBeUndefined()
  })

  test('the callback gets the URL once the key is there', async () => {
    const signer = new COS({ getAuthorization: (_, callback) => callback(temporaryKey) })
    const url = await callbackUrl(OBJECT, signer)
    expect(fields(url)).toMatchObject({ 'q-ak': 'TMPID', 'x-cos-security-token': 'TOKEN' })
  })
})
