import type { EventEmitter } from 'node:events'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import COS from 'cos-nodejs-sdk-v5'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'
import { BUCKET, REGION, RESOURCE, startCloud, type TestCloud } from './cloud'
import { SECRET_ID, SECRET_KEY } from './sign'
import { temporaryKey } from './sts-client'

/** The official SDK, unmodified: the oracle for what a client sends and expects. */

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})

const place = { Bucket: BUCKET, Region: REGION }

const client = (options: COS.COSOptions, SDK = COS) =>
  new SDK({ ...options, Domain: `127.0.0.1:${cloud.port}`, Protocol: 'http:' })

/** Its types have neither the result nor the spelling `UploadId`, which is what it returns. */
async function uploadsBelow(cos: COS, Prefix: string) {
  const list: unknown = await cos.multipartList({ ...place, Prefix, Delimiter: '' })
  return (list as { Upload: { Key: string; UploadId: string }[] }).Upload
}

const clients = {
  'a permanent key': async () => client({ SecretId: SECRET_ID, SecretKey: SECRET_KEY }),
  'a temporary key': async () => {
    const key = await temporaryKey(cloud.port, {
      effect: 'allow',
      action: 'name/cos:*',
      // The bucket itself, for the lists, and all objects.
      resource: [RESOURCE, `${RESOURCE}*`],
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

  test('the calls of a multipart upload', async () => {
    const Key = '视频/a b.mp4'
    const { UploadId } = await cos.multipartInit({ ...place, Key, ContentType: 'video/mp4' })
    const bodies = [Buffer.alloc(1024 * 1024, 'one'), Buffer.from('two')]
    const Parts = []
    for (const [i, Body] of bodies.entries()) {
      const PartNumber = i + 1
      const { ETag } = await cos.multipartUpload({ ...place, Key, UploadId, PartNumber, Body })
      Parts.push({ PartNumber, ETag })
    }
    const listed = await cos.multipartListPart({ ...place, Key, UploadId })
    expect(
      listed.Part.map(({ PartNumber, ETag }) => ({ PartNumber: Number(PartNumber), ETag })),
    ).toEqual(Parts)
    expect(await uploadsBelow(cos, '视频/')).toMatchObject([{ Key, UploadId }])
    const done = await cos.multipartComplete({ ...place, Key, UploadId, Parts })
    expect(done).toMatchObject({ Key, ETag: expect.stringMatching(/^"[0-9a-f]{32}-2"$/) })
    const got = await cos.getObject({ ...place, Key })
    expect(got.Body.equals(Buffer.concat(bodies))).toBe(true)
    expect(got.headers?.['content-type']).toBe('video/mp4')

    const second = await cos.multipartInit({ ...place, Key })
    await cos.multipartAbort({ ...place, Key, UploadId: second.UploadId })
    expect(await uploadsBelow(cos, '视频/')).toEqual([])
  })

  test('getBucket', async () => {
    for (const Key of ['list/a b&c.txt', 'list/照片.png', 'list/folder/x']) {
      await cos.putObject({ ...place, Key, Body: Key })
    }
    const root = await cos.getBucket({ ...place, Prefix: 'list/', Delimiter: '/' })
    expect(root.CommonPrefixes).toEqual([{ Prefix: 'list/folder/' }])
    expect(root.Contents.map(({ Key }) => Key)).toEqual(['list/a b&c.txt', 'list/照片.png'])
    const page = await cos.getBucket({ ...place, Prefix: 'list/', MaxKeys: 1 })
    expect(page).toMatchObject({ IsTruncated: 'true', NextMarker: 'list/a b&c.txt' })
    const rest = await cos.getBucket({ ...place, Prefix: 'list/', Marker: page.NextMarker ?? '' })
    expect(rest.Contents.map(({ Key }) => Key)).toEqual(['list/folder/x', 'list/照片.png'])
  })

  test('a conditional and a ranged read', async () => {
    await cos.putObject({ ...place, Key: 'range', Body: '0123456789' })
    const part = await cos.getObject({ ...place, Key: 'range', Range: 'bytes=2-4' })
    expect([part.statusCode, part.Body.toString()]).toEqual([206, '234'])
  })
})

describe('sliceUploadFile of 30 MB', () => {
  const dir = tempDir()
  const FilePath = path.join(dir.path, 'large.bin')
  const content = randomBytes(30 * 1024 * 1024)

  beforeAll(() => writeFileSync(FilePath, content))
  afterAll(dir.remove)

  test('uploads all parts, and takes up again where another process stopped', async () => {
    const file = { ...place, FilePath, ChunkSize: 4 * 1024 * 1024 }
    const Key = 'sliced.bin'
    const first = client({ SecretId: SECRET_ID, SecretKey: SECRET_KEY })
    const isPart = (line: string) => line === `PUT /${Key} 200`
    let taskId = ''
    const onTaskReady = (id: string) => (taskId = id)
    first.sliceUploadFile({ ...file, Key, onTaskReady }).catch(() => {})
    await until(() => cloud.log.filter(isPart).length >= 2)
    // To cancel it would abort the upload.
    first.pauseTask(taskId)
    const [upload] = await uploadsBelow(first, Key)
    const UploadId = upload?.UploadId ?? ''
    const { Part } = await first.multipartListPart({ ...place, Key, UploadId })
    expect(Part.length).toBeGreaterThan(0)

    // Its own copy of the SDK, as another process has: the first one takes the upload for in use.
    let Copy = COS
    jest.isolateModules(() => {
      Copy = require('cos-nodejs-sdk-v5')
    })
    const second = client({ SecretId: SECRET_ID, SecretKey: SECRET_KEY }, Copy)
    const sent: string[] = []
    const emitter = second as unknown as EventEmitter
    emitter.on('before-send', ({ method, qs }: { method: string; qs: { partNumber: number } }) => {
      if (method === 'PUT') sent.push(String(qs.partNumber))
    })
    const done = await second.sliceUploadFile({ ...file, Key })
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-8"$/)
    expect(sent.length).toBeGreaterThan(0)
    expect(Part.filter(({ PartNumber }) => sent.includes(String(PartNumber)))).toEqual([])
    expect((await second.getObject({ ...place, Key })).Body.equals(content)).toBe(true)
  })
})

test('sliceUploadFile with a key for one prefix, as the manual gives it', async () => {
  const actions = ['InitiateMultipartUpload', 'ListMultipartUploads', 'ListParts', 'UploadPart']
  const key = await temporaryKey(cloud.port, {
    effect: 'allow',
    action: [...actions, 'CompleteMultipartUpload'].map((action) => `name/cos:${action}`),
    resource: `${RESOURCE}doc/*`,
  })
  const cos = client({
    SecretId: key.secretId,
    SecretKey: key.secretKey,
    SecurityToken: key.token,
  })
  const dir = tempDir()
  const FilePath = path.join(dir.path, 'sliced.bin')
  writeFileSync(FilePath, randomBytes(3 * 1024 * 1024))
  const file = { ...place, FilePath, SliceSize: 1024 * 1024 }
  expect((await cos.sliceUploadFile({ ...file, Key: 'doc/a.bin' })).statusCode).toBe(200)
  await expect(cos.sliceUploadFile({ ...file, Key: 'other/a.bin' })).rejects.toMatchObject({
    statusCode: 403,
  })
  dir.remove()
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
