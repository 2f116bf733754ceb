import { describe, expect, test } from '@jest/globals'
import COS from '../../miniprogram/cos'
import { send } from '../local-cloud/sign'
import {
  KEYS,
  OBJECT,
  HOST,
  PHOTO,
  THE_PHOTO,
  port,
  env,
  cos,
  callbackUrl,
  open,
  fields,
  refused,
  wait,
} from './manual-page-steps'

/**
 * The manual page "Generating Pre-Signed URL" (Mini Program SDK), sample by sample, against the
 * local cloud over HTTP. The parameters are the page's own; its placeholders SECRETID, SECRETKEY
 * and COS_REGION are filled in.
 */

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
    wait(3590)
    expect(await open(url)).toMatchObject(THE_PHOTO)
    wait(20)
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
