import { beforeAll, describe, expect, test } from '@jest/globals'
import COS, { type COSOptions, type SignedForm, type TemporaryKey } from '../../miniprogram/cos'
import { BUCKET, REGION, RESOURCE, startCloud } from '../local-cloud/cloud'
import { SECRET_ID, SECRET_KEY } from '../local-cloud/sign'
import { temporaryKey } from '../local-cloud/sts-client'

/** `signRequest` and `signPostForm`, by what COS says to them. */

const KEY = '照片/a b+c (1)&.png'
const HOUR = 3600_000
const PERMANENT = { SecretId: SECRET_ID, SecretKey: SECRET_KEY }
const PLACE = { Bucket: BUCKET, Region: REGION }

let Domain: string
let port: number

beforeAll(async () => {
  ;({ port } = await startCloud())
  Domain = `127.0.0.1:${port}`
})

const signer = (options: COSOptions) => new COS({ ...PLACE, Protocol: 'http:', Domain, ...options })

/** A signer whose temporary keys are those of the STS. `fetched` has one entry for each key. */
function withTemporaryKeys(options: COSOptions = {}) {
  const fetched: object[] = []
  const getAuthorization: COSOptions['getAuthorization'] = async (request, callback) => {
    fetched.push(request)
    callback(await freshKey())
  }
  return { cos: signer({ ...options, getAuthorization }), fetched }
}

async function freshKey(): Promise<TemporaryKey> {
  const statement = { effect: 'allow', action: 'name/cos:*', resource: `${RESOURCE}*` }
  const { secretId, secretKey, token, expiredTime } = await temporaryKey(port, statement)
  return {
    TmpSecretId: secretId,
    TmpSecretKey: secretKey,
    SecurityToken: token,
    ExpiredTime: expiredTime,
  }
}

const secretIdOf = (url: string) => new URL(url).searchParams.get('q-ak')

/** Sends a form exactly as it is signed, with the file. */
function post({ url, fields }: SignedForm, file: string): Promise<Response> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  body.append('file', new Blob([file]), 'a.txt')
  return fetch(url, { method: 'POST', body })
}

const KEYS: [string, () => COS][] = [
  ['a permanent key', () => signer(PERMANENT)],
  ['keys by getAuthorization', () => withTemporaryKeys().cos],
]

describe.each(KEYS)('with %s', (_name, create) => {
  test('signRequest is bound, and its answer is sent as it is', async () => {
    const { signRequest } = create()
    const headers = { 'Content-Type': 'text/plain', 'Cache-Control': 'max-age=60' }
    const put = await signRequest({ method: 'PUT', key: KEY, headers })
    expect(put).toMatchObject({ method: 'PUT', headers })
    const stored = await fetch(put.url, { method: put.method, headers: put.headers, body: '1' })
    expect(stored.status).toBe(200)
    expect((await fetch(put.url, { method: put.method, body: '1' })).status).toBe(403)
    const query = { 'response-content-disposition': 'attachment; filename="照片.txt"' }
    const get = await fetch((await signRequest({ method: 'GET', key: KEY, query })).url)
    expect(await get.text()).toBe('1')
    expect(get.headers.get('cache-control')).toBe('max-age=60')
    expect(get.headers.get('content-disposition')).toMatch(/^attachment/)
  })

  test('signPostForm is bound, and its fields are sent as they are', async () => {
    const { signPostForm, signRequest } = create()
    const form = await signPostForm({ key: KEY, contentType: 'text/plain', maxBytes: 4 })
    expect((await post(form, 'four')).status).toBe(204)
    expect((await post(form, 'five!')).status).toBe(400)
    const get = await fetch((await signRequest({ method: 'GET', key: KEY })).url)
    expect(await get.text()).toBe('four')
    expect(get.headers.get('content-type')).toBe('text/plain')
  })

  test('both end when they are told to', async () => {
    const { signPostForm, signRequest } = create()
    const before = Math.floor(Date.now() / 1000)
    const ends = [
      await signRequest({ method: 'GET', key: KEY, expires: 60 }),
      await signPostForm({ key: KEY, expires: 60 }),
    ].map(({ expiresAt }) => expiresAt)
    for (const end of ends) {
      expect(end).toBeGreaterThanOrEqual(before + 59)
      expect(end).toBeLessThanOrEqual(Date.now() / 1000 + 60)
    }
  })
})

test('requests and forms are https unless the options say otherwise', async () => {
  const cos = new COS({ ...PERMANENT, ...PLACE })
  const bucket = `https://${BUCKET}.cos.${REGION}.myqcloud.com/`
  const { url } = await cos.signRequest({ method: 'GET', key: 'a' })
  expect(url.startsWith(`${bucket}a?`)).toBe(true)
  expect((await cos.signPostForm({ key: 'a' })).url).toBe(bucket)
})

describe('renew', () => {
  test.each([-HOUR, HOUR])('corrects a clock that is %d ms ahead', async (ahead) => {
    const cos = signer({ ...PERMANENT, Clock: () => Date.now() + ahead })
    const request = { method: 'GET', key: 'never' } as const
    const refused = await fetch((await cos.signRequest(request)).url)
    expect(refused.status).toBe(403)

    const renew = { serverTime: Date.parse(refused.headers.get('date')!) / 1000 }
    const renewed = await cos.signRequest({ ...request, renew })
    expect((await fetch(renewed.url)).status).toBe(404)
    expect(Math.abs(cos.now() - Date.now())).toBeLessThan(60_000)

    const next = await cos.signRequest({ ...request, renew: {} })
    expect((await fetch(next.url)).status).toBe(404)
    expect((await post(await cos.signPostForm({ key: 'form' }), '')).status).toBe(204)
    const single = cos.getObjectUrl({ ...PLACE, Key: 'never' })
    expect((await fetch(single)).status).toBe(404)
  })

  test('corrects the clock of a form, too', async () => {
    const { signPostForm } = signer({ ...PERMANENT, Clock: () => Date.now() - HOUR })
    const refused = await post(await signPostForm({ key: 'late' }), '')
    expect(refused.status).toBe(403)
    const renew = { serverTime: Date.parse(refused.headers.get('date')!) / 1000 }
    expect((await post(await signPostForm({ key: 'late', renew }), '')).status).toBe(204)
  })

  test('fetches a fresh key, once for all who ask, and keeps it', async () => {
    const { cos, fetched } = withTemporaryKeys()
    const sign = (key: string, renew?: object) => cos.signRequest({ method: 'GET', key, renew })
    const first = await sign('a')
    await sign('b')
    expect(fetched).toHaveLength(1)

    const renewed = await Promise.all(['a', 'b', 'c'].map((key) => sign(key, {})))
    expect(fetched).toHaveLength(2)
    const ids = new Set(renewed.map(({ url }) => secretIdOf(url)))
    expect(ids.size).toBe(1)
    expect(ids).not.toContain(secretIdOf(first.url))

    expect(ids).toContain(secretIdOf((await sign('d')).url))
    expect(ids).toContain((await cos.signPostForm({ key: 'a' })).fields['q-ak'])
    expect(fetched).toHaveLength(2)
    const { fields } = await cos.signPostForm({ key: 'a', renew: {} })
    expect(ids).not.toContain(fields['q-ak'])
    expect(fetched).toHaveLength(3)
  })
})

test('getAuthorization is told what a form needs', async () => {
  const { cos, fetched } = withTemporaryKeys()
  await cos.signPostForm({ key: KEY })
  expect(fetched).toEqual([
    {
      ...PLACE,
      Method: 'post',
      Key: KEY,
      Pathname: `/${KEY}`,
      Query: {},
      Headers: { Host: Domain },
      Scope: [
        { action: 'name/cos:PostObject', bucket: PLACE.Bucket, region: PLACE.Region, prefix: KEY },
      ],
    },
  ])
})

test('an Authorization signs a request, and no form', async () => {
  const getAuthorization: COSOptions['getAuthorization'] = ({ Method, Key, Headers }, callback) => {
    callback(COS.getAuthorization({ ...PERMANENT, Method, Key, Headers }))
  }
  const { signRequest, signPostForm } = signer({ getAuthorization })
  const signed = await signRequest({ method: 'GET', key: 'never' })
  expect((await fetch(signed.url)).status).toBe(404)
  await expect(signPostForm({ key: 'a' })).rejects.toMatchObject({
    code: 'INVALID_CREDENTIALS',
    message: expect.stringContaining('TmpSecretId'),
  })
})

describe('misuse is a TypeError by name, before a key is fetched', () => {
  test.each([
    ['Bucket', { Bucket: undefined }],
    ['Bucket', { Bucket: 'examplebucket' }],
    ['Region', { Region: undefined }],
    ['Domain', { Domain: 'a b' }],
  ])('%s: %j', async (name, wrong) => {
    for (const options of [PERMANENT, {}]) {
      const { cos, fetched } = withTemporaryKeys({ ...options, ...wrong })
      const signing = [cos.signRequest({ method: 'GET', key: 'a' }), cos.signPostForm({ key: 'a' })]
      for (const { reason } of (await Promise.allSettled(signing)) as PromiseRejectedResult[]) {
        expect(reason).toBeInstanceOf(TypeError)
        expect(reason.message).toMatch(new RegExp(`^${name} must be `))
      }
      expect(fetched).toEqual([])
    }
  })
})

describe('a getAuthorization that fails', () => {
  const refusal = Object.assign(new Error('no'), { code: 'KEY_NOT_ALLOWED' })
  const WAYS: [string, COSOptions['getAuthorization']][] = [
    ['rejects', () => Promise.reject(refusal)],
    [
      'throws',
      () => {
        throw refusal
      },
    ],
  ]

  test.each(WAYS)('and %s: every call that needs the key fails with its error', async (_, fail) => {
    const cos = signer({ getAuthorization: fail })
    const url = new Promise((resolve) => cos.getObjectUrl({ ...PLACE, Key: 'a' }, resolve))
    await expect(cos.signRequest({ method: 'GET', key: 'a' })).rejects.toBe(refusal)
    await expect(cos.signPostForm({ key: 'a' })).rejects.toBe(refusal)
    await expect(cos.presign({ ...PLACE, Key: 'a' })).rejects.toBe(refusal)
    expect(await url).toBe(refusal)
  })

  test('is asked again by the next call', async () => {
    let calls = 0
    const { signRequest } = signer({
      getAuthorization: async (_request, callback) => {
        if (++calls === 1) throw refusal
        callback(await freshKey())
      },
    })
    const request = { method: 'GET', key: 'never' } as const
    await expect(signRequest(request)).rejects.toBe(refusal)
    expect((await fetch((await signRequest(request)).url)).status).toBe(404)
  })
})
