import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { BUCKET, REGION, RESOURCE, startCloud, type TestCloud } from './cloud'
import { presign, SECRET_ID, SECRET_KEY, send } from './sign'
import { temporaryKey } from './sts-client'

/** The official SDK of mini programs, unmodified, over a `wx` with a real network and real files. */

const place = { Bucket: BUCKET, Region: REGION }

interface Result {
  statusCode: number
  ETag?: string
  Body?: string
}

type Method = 'putObject' | 'postObject' | 'uploadFile' | 'getObject'
type Client = Record<Method, (params: object) => Promise<Result>>
type ClientClass = new (options: object) => Client

let cloud: TestCloud
let wx: NodeWx
let restore: () => Promise<void>
let COS: ClientClass

beforeAll(async () => {
  cloud = await startCloud()
  ;({ wx, restore } = installNodeWx())
  // Its source: the bundle wants a window. It looks for `wx` when it is loaded.
  COS = require('cos-wx-sdk-v5/index')
})

afterAll(() => restore())

const options = () => ({ Domain: `http://127.0.0.1:${cloud.port}` })

const clients = {
  'a permanent key': async () =>
    new COS({ ...options(), SecretId: SECRET_ID, SecretKey: SECRET_KEY }),
  'a temporary key': async () => {
    const key = await temporaryKey(cloud.port, {
      effect: 'allow',
      action: 'name/cos:*',
      resource: [RESOURCE, `${RESOURCE}*`],
    })
    return new COS({
      ...options(),
      getAuthorization: (_: object, callback: (answer: object) => void) =>
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

const stored = async (key: string) =>
  (await send(cloud.port, 'GET', presign({ method: 'GET', path: `/${key}` }))).body

describe.each(Object.entries(clients))('with %s', (_, createClient) => {
  let cos: Client

  beforeAll(async () => {
    cos = await createClient()
  })

  test.each(['a.txt', '照片/a b (1)&.png'])('putObject and getObject of %s', async (Key) => {
    const Body = `the content of ${Key}`
    expect((await cos.putObject({ ...place, Key, Body })).statusCode).toBe(200)
    expect((await cos.getObject({ ...place, Key })).Body).toBe(Body)
  })

  test('postObject', async () => {
    const FilePath = wx.addTempFile('the content of a form', 'a.txt')
    const answer = await cos.postObject({ ...place, Key: '目录/posted.txt', FilePath })
    expect(answer.statusCode).toBe(200)
    expect((await stored('目录/posted.txt')).toString()).toBe('the content of a form')
  })

  test('uploadFile in parts', async () => {
    const content = randomBytes(5 * 1024 * 1024 + 1)
    const answer = await cos.uploadFile({
      ...place,
      Key: '视频/sliced.bin',
      FilePath: wx.addTempFile(content, 'sliced.bin'),
      FileSize: content.length,
      SliceSize: 1024 * 1024,
      ChunkSize: 1024 * 1024,
    })
    expect(answer.ETag).toMatch(/^"[0-9a-f]{32}-6"$/)
    expect((await stored('视频/sliced.bin')).equals(content)).toBe(true)
  })
})

test('a refusal reads as the SDK expects it', async () => {
  const cos = new COS({ ...options(), SecretId: SECRET_ID, SecretKey: 'wrong' })
  await expect(cos.getObject({ ...place, Key: 'a' })).rejects.toMatchObject({
    statusCode: 403,
    error: { Code: 'SignatureDoesNotMatch' },
  })
})
