import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import COS, { type COSOptions, type ObjectUrlParams } from '../../miniprogram/cos'
import { installNodeWx } from '../helpers/node-wx'
import { startCloud } from '../local-cloud/cloud'
import { send } from '../local-cloud/sign'

/**
 * The manual page "Generating Pre-Signed URL" (Mini Program SDK), sample by sample and field by
 * field, against the local cloud over HTTP. The parameters are the page's own; its placeholders
 * SECRETID, SECRETKEY and COS_REGION are filled in.
 */

const KEYS = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key' }
const OBJECT = {
  Bucket: 'examplebucket-1250000000',
  Region: 'ap-beijing',
  Key: 'Profile photo.jpg',
}
const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'
const PHOTO = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46])
/** The answer that brings it. */
const THE_PHOTO = { status: 200, body: PHOTO }

/** The time of the local cloud, in unix seconds. */
let clock = Math.floor(Date.now() / 1000)
let port: number
let env: ReturnType<typeof installNodeWx>

const cos = (options: COSOptions = {}) => new COS({ ...KEYS, ...options })

/** The URL that `getObjectUrl` gives to its callback. */
function callbackUrl(params: ObjectUrlParams, signer = cos()): Promise<string> {
  return new Promise((resolve, reject) => {
    signer.getObjectUrl(params, (err, data) => (data ? resolve(data.Url) : reject(err)))
  })
}

/** Opens a URL as it stands, but at the local cloud, whatever its host resolves to. */
function open(url: string, method = 'GET', options: Parameters<typeof send>[3] = {}) {
  const [, host, target] = /^https?:\/\/([^/]+)(\/.*)$/.exec(url)!
  return send(port, method, target!, { ...options, headers: { host, ...options.headers } })
}

/** The fields of the signature in a URL, each decoded once. */
const fields = (url: string) => Object.fromEntries(new URL(url).searchParams)

/** The lifetime that a URL or an Authorization claims, in seconds. */
function lifetime(signed: string): number {
  const [, start, end] = /q-sign-time=(\d+)(?:;|%3B)(\d+)/.exec(signed)!
  return Number(end) - Number(start)
}

/** The answer that refuses with a code of COS. */
const refused = (code: string) => ({ status: code.startsWith('NoSuch') ? 404 : 403, code })

beforeAll(async () => {
  const cloud = await startCloud({ now: () => clock * 1000 })
  port = cloud.port
  for (const Key of [OBJECT.Key, 'exampleobject']) {
    const url = cos().getObjectUrl({ ...OBJECT, Key, Method: 'PUT' })
    const headers = { 'content-type': 'image/jpeg' }
    expect(await open(url, 'PUT', { headers, body: PHOTO })).toMatchObject({ status: 200 })
  }
})

beforeEach(() => {
  clock = Math.floor(Date.now() / 1000)
  env = installNodeWx()
})
afterEach(() => env.restore())

describe('signature calculation: the sample of COS.getAuthorization', () => {
  const sample = () =>
    COS.getAuthorization({
      SecretId: 'local-secret-id',
      SecretKey: 'local-secret-key',
      Method: 'get',
      Key: 'exampleobject',
      Expires: 60,
      Query: {},
      Headers: {},
    })

  test('is accepted "in the header parameter; field name: authorization"', async () => {
    const authorization = sample()
    expect(await send(port, 'GET', '/exampleobject', { headers: { authorization } })).toMatchObject(
      THE_PHOTO,
    )
  })

  test('is accepted "in the URL parameter; field name: sign"', async () => {
    expect(
      await send(port, 'GET', `/exampleobject?sign=${encodeURIComponent(sample())}`),
    ).toMatchObject(THE_PHOTO)
  })

  test('is good for its own request only', async () => {
    const headers = { authorization: sample() }
    const other = encodeURI(`/${OBJECT.Key}`)
    expect(await send(port, 'GET', other, { headers })).toMatchObject(
      refused('SignatureDoesNotMatch'),
    )
    const put = await send(port, 'PUT', '/exampleobject', { headers, body: 'x' })
    expect(put).toMatchObject(refused('SignatureDoesNotMatch'))
  })
})

describe('download request samples', () => {
  test('1: an object URL without a signature', async () => {
    const url = cos().getObjectUrl({
      Bucket: 'examplebucket-1250000000',
      Region: 'ap-beijing',
      Key: 'Profile photo.jpg',
      Sign: false,
    })
    expect(url).toBe(`http://${HOST}/Profile%20photo.jpg`)
    expect(await open(url)).toMatchObject(refused('AccessDenied'))
  })

  test('2: a signed object URL', async () => {
    const url = cos().getObjectUrl({
      Bucket: 'examplebucket-1250000000',
      Region: 'ap-beijing',
      Key: 'Profile photo.jpg',
    })
    expect(await open(url)).toMatchObject(THE_PHOTO)
  })

  test('3: through a callback; the page passes Sign: false and so gets the plain URL', async () => {
    const params = {
      Bucket: 'examplebucket-1250000000',
      Region: 'ap-beijing',
      Key: 'Profile photo.jpg',
      Sign: false,
    }
    expect(await callbackUrl(params)).toBe(`http://${HOST}/Profile%20photo.jpg`)
    expect(await open(await callbackUrl({ ...params, Sign: true }))).toMatchObject(THE_PHOTO)
  })

  test('4: the validity period of a link', async () => {
    const url = await callbackUrl({
      Bucket: 'examplebucket-1250000000',
      Region: 'ap-beijing',
      Key: 'Profile photo.jpg',
      Sign: true,
      Expires: 3600,
    })
    clock += 3590
    expect(await open(url)).toMatchObject(THE_PHOTO)
    clock += 20
    expect(await open(url)).toMatchObject(refused('AccessDenied'))
  })

  test('5: get the object URL and download the object, its `if (!err)` corrected', async () => {
    const { wx } = env
    const cos = new COS({ ...KEYS, Domain: `127.0.0.1:${port}` })
    const result = await new Promise<{ statusCode: number; tempFilePath: string }>(
      (resolve, reject) => {
        cos.getObjectUrl(
          {
            Bucket: 'examplebucket-1250000000',
            Region: 'ap-beijing',
            Key: 'Profile photo.jpg',
            Sign: true,
          },
          function (err, data) {
            // The page has `if (!err) return`, which stops on success and downloads on failure.
            if (err) return reject(err)
            wx.downloadFile({
              url: data!.Url,
              success(res) {
                resolve(res)
              },
              fail: reject,
            })
          },
        )
      },
    )
    const stored = await new Promise<unknown>((success, fail) =>
      wx.getFileSystemManager().readFile({
        filePath: result.tempFilePath,
        success: ({ data }) => success(data),
        fail,
      }),
    )
    expect(result.statusCode).toBe(200)
    expect(Buffer.from(stored as ArrayBuffer)).toEqual(PHOTO)
  })

  describe('6: a signature with Query and Header', () => {
    const params = {
      Bucket: 'examplebucket-1250000000',
      Region: 'ap-beijing',
      Key: 'Profile photo.jpg',
      Sign: true,
      Query: {
        'imageMogr2/thumbnail/200x/': '',
      },
      Headers: {
        host: 'xxx',
      },
    }

    test('as printed opens with the host "xxx" and no other', async () => {
      const url = await callbackUrl(params)
      expect(fields(url)).toMatchObject({
        'q-header-list': 'host',
        'q-url-param-list': 'imagemogr2%2fthumbnail%2f200x%2f',
      })
      expect(await open(url)).toMatchObject(refused('SignatureDoesNotMatch'))
      expect(await open(url, 'GET', { headers: { host: 'xxx' } })).toMatchObject(THE_PHOTO)
    })

    test('with Domain "xxx", which the page forgets, opens as it stands', async () => {
      const url = await callbackUrl({ ...params, Domain: 'xxx' })
      expect(url).toMatch(/^http:\/\/xxx\/Profile%20photo\.jpg\?/)
      expect(await open(url)).toMatchObject(THE_PHOTO)
    })

    test('keeps the value of a parameter from being tampered with', async () => {
      const url = await callbackUrl({ ...params, Domain: 'xxx' })
      const changed = url.replace('200x%2F=', '200x%2F=1')
      expect(changed).not.toBe(url)
      expect(await open(changed)).toMatchObject(refused('SignatureDoesNotMatch'))
    })
  })
})

describe('upload request samples', () => {
  const params = {
    Bucket: 'examplebucket-1250000000',
    Region: 'ap-beijing',
    Key: 'Profile photo.jpg',
    Method: 'PUT',
    Sign: true,
  }

  function upload(header: Record<string, string>, file: Buffer): Promise<number> {
    const cos = new COS({ ...KEYS, Domain: `127.0.0.1:${port}` })
    return new Promise((resolve, reject) => {
      cos.getObjectUrl(params, function (err, data) {
        if (err) return reject(err)
        env.wx.request({
          url: data!.Url,
          method: 'PUT',
          header,
          dataType: 'text' as never,
          data: new Uint8Array(file).buffer,
          success: (response) => resolve(response.statusCode),
          fail: reject,
        })
      })
    })
  }

  test('1: Put Object; its `header: {}` stores the type that wx.request sends', async () => {
    expect(await upload({}, PHOTO)).toBe(200)
    const answer = await open(cos().getObjectUrl(OBJECT))
    expect(answer).toMatchObject(THE_PHOTO)
    expect(answer.headers['content-type']).toBe('application/json')
  })

  test('1, with the type of the file in its header', async () => {
    expect(await upload({ 'content-type': 'image/jpeg' }, PHOTO)).toBe(200)
    const answer = await open(cos().getObjectUrl(OBJECT))
    expect(answer.headers['content-type']).toBe('image/jpeg')
  })

  test('1: the URL neither downloads nor deletes', async () => {
    const url = await callbackUrl(params)
    expect(await open(url, 'GET')).toMatchObject(refused('SignatureDoesNotMatch'))
    expect(await open(url, 'DELETE')).toMatchObject(refused('SignatureDoesNotMatch'))
  })
})

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

  test.each([
    ['GET', 'exampleobject', 200],
    ['HEAD', 'exampleobject', 200],
    ['PUT', 'another', 200],
    ['DELETE', 'another', 204],
  ])('Method: %s', async (Method, Key, status) => {
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
    clock += 55
    expect(await request(authorization)).toMatchObject(THE_PHOTO)
    clock += 10
    expect(await request(authorization)).toMatchObject(refused('AccessDenied'))
  })

  test('Expires is 900 by default', async () => {
    const authorization = COS.getAuthorization({ ...sample, Expires: undefined })
    expect(lifetime(authorization)).toBe(900)
    clock += 895
    expect(await request(authorization)).toMatchObject(THE_PHOTO)
    clock += 10
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

  test.each([
    ['GET', 'exampleobject', 200],
    ['HEAD', 'exampleobject', 200],
    ['PUT', 'another', 200],
    ['DELETE', 'another', 204],
  ])('Method: %s', async (Method, Key, status) => {
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
    clock += 895
    expect(await open(url)).toMatchObject(THE_PHOTO)
    clock += 10
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
