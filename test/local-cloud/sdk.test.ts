import { beforeAll, describe, expect, test } from '@jest/globals'
import COS from 'cos-nodejs-sdk-v5'
import { BUCKET, REGION, RESOURCE, startCloud, type TestCloud } from './cloud'
import { SECRET_ID, SECRET_KEY } from './sign'
import { temporaryKey } from './sts-client'

/** The official SDK, unmodified: the oracle for what a client sends and expects. */

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})

const place = { Bucket: BUCKET, Region: REGION }

const client = (options: COS.COSOptions) =>
  new COS({ ...options, Domain: `127.0.0.1:${cloud.port}`, Protocol: 'http:' })

const clients = {
  'a permanent key': async () => client({ SecretId: SECRET_ID, SecretKey: SECRET_KEY }),
  'a temporary key': async () => {
    const key = await temporaryKey(cloud.port, {
      effect: 'allow',
      action: 'name/cos:*',
      resource: `${RESOURCE}*`,
    })
    return client({
      getAuthorization: (_, callback) =>
        callback({
          TmpSecretId: key.secretId,
          TmpSecretKey: key.secretKey,
          SecurityToken: key.token,
          StartTime: key.expiredTime - 1800,
          ExpiredTime: key.expiredTime,
        }),
    })
  },
}

describe.each(Object.entries(clients))('with %s', (_, createClient) => {
  let cos: COS

  beforeAll(async () => {
    cos = await createClient()
  })

  test.each(['a.txt', '照片/a b+c (1)&.png', 'a//b', '100%.txt', '🙂'])(
    'put, head, get and delete %s',
    async (Key) => {
      const Body = Buffer.from(`the content of ${Key}`)
      const stored = await cos.putObject({ ...place, Key, Body, ContentType: 'text/x-test' })
      expect(stored.statusCode).toBe(200)
      expect((await cos.headObject({ ...place, Key })).ETag).toBe(stored.ETag)
      const got = await cos.getObject({ ...place, Key })
      expect(got.Body.equals(Body)).toBe(true)
      expect(got.headers?.['content-type']).toBe('text/x-test')
      expect((await cos.deleteObject({ ...place, Key })).statusCode).toBe(204)
      await expect(cos.getObject({ ...place, Key })).rejects.toMatchObject({
        statusCode: 404,
        code: 'NoSuchKey',
      })
    },
  )

  test('getObjectUrl', async () => {
    const Key = '照片/a b+c (1)&.png'
    await cos.putObject({ ...place, Key, Body: 'content' })
    const url = await new Promise<string>((resolve, reject) => {
      const Query = { 'imageMogr2/thumbnail/200x/': '', 'response-content-type': 'a/b' }
      cos.getObjectUrl({ ...place, Key, Query, Sign: true }, (error, data) =>
        error ? reject(error) : resolve(data.Url),
      )
    })
    const answer = await fetch(url)
    expect([answer.status, await answer.text()]).toEqual([200, 'content'])
    expect(answer.headers.get('content-type')).toBe('a/b')
    expect((await fetch(url.replace('png', 'jpg'))).status).toBe(403)
  })

  test('a conditional and a ranged read', async () => {
    await cos.putObject({ ...place, Key: 'range', Body: '0123456789' })
    const part = await cos.getObject({ ...place, Key: 'range', Range: 'bytes=2-4' })
    expect([part.statusCode, part.Body.toString()]).toEqual([206, '234'])
  })
})

test('an error reads as the SDK expects it', async () => {
  const cos = client({ SecretId: SECRET_ID, SecretKey: 'wrong' })
  await expect(cos.getObject({ ...place, Key: 'a' })).rejects.toMatchObject({
    statusCode: 403,
    code: 'SignatureDoesNotMatch',
    message: 'The Signature you specified is invalid.',
    RequestId: expect.any(String),
  })
})
