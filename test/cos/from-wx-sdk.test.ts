/** What people bring from cos-wx-sdk-v5 works, or is named. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import COS, { type COSOptions } from '../../miniprogram/cos'

const NOW = 1_700_000_000
const Clock = () => NOW * 1000
const OBJECT = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing', Key: 'photo.jpg' }
const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'
const PERMANENT = { SecretId: 'SECRETID', SecretKey: 'SECRETKEY' }
const TMP = { TmpSecretId: 'TMPID', TmpSecretKey: 'TMPKEY', ExpiredTime: NOW + 1800 }
const Authorization = COS.getAuthorization({
  ...PERMANENT,
  Clock,
  Key: OBJECT.Key,
  Headers: { Host: HOST },
})

const query = (url: string) => Object.fromEntries(new URL(url).searchParams)
const presign = (getAuthorization: unknown) =>
  new COS({ Clock, getAuthorization: getAuthorization as COSOptions['getAuthorization'] }).presign(
    OBJECT,
  )
const tokenOf = async (getAuthorization: unknown) =>
  query((await presign(getAuthorization)).Url)['x-cos-security-token']

type Callback = (answer: unknown) => void

describe('a token', () => {
  test.each([
    ['SecurityToken', TMP],
    ['XCosSecurityToken', TMP],
    ['XCosSecurityToken', { ...TMP, ScopeLimit: true }],
    ['SecurityToken', { Authorization }],
    ['XCosSecurityToken', { Authorization }],
  ])('that is called %s reaches the URL: %j', async (name, answer) => {
    const given = { ...answer, [name]: 'token' }
    expect(await tokenOf((_: unknown, callback: Callback) => callback(given))).toBe('token')
    expect(await tokenOf(async () => given)).toBe('token')
  })

  test('called XCosSecurityToken is an option, too', () => {
    const url = new COS({ ...PERMANENT, XCosSecurityToken: 'token' }).getObjectUrl(OBJECT)
    expect(query(url)['x-cos-security-token']).toBe('token')
  })

  test.each([
    [{ ...TMP, SecurityToken: { a: 1 } }],
    [{ ...TMP, SecurityToken: { a: 1 }, ScopeLimit: true }],
    [{ ...TMP, XCosSecurityToken: 5, ScopeLimit: true }],
    [{ Authorization, SecurityToken: { a: 1 } }],
    [{ Authorization, XCosSecurityToken: ['token'] }],
    [{ ...TMP, ScopeLimit: true }],
    [{ ...TMP, SecurityToken: '', XCosSecurityToken: '' }],
  ])('that is no text is refused by its name: %j', async (answer) => {
    await expect(presign(async () => answer)).rejects.toMatchObject({
      code: 'INVALID_CREDENTIALS',
      message: expect.stringContaining('SecurityToken'),
    })
  })
})

test.each([
  ['TmpSecretId', { TmpSecretId: 'AKID****' }],
  ['TmpSecretKey', { TmpSecretKey: 5 }],
  ['ExpiredTime', { ExpiredTime: 'tomorrow' }],
  ['ExpiredTime', { ExpiredTime: (NOW + 1800) * 1000 }],
  ['StartTime', { StartTime: NOW * 1000 }],
])('a key with a wrong %s is refused, for one request as for many: %j', async (name, wrong) => {
  for (const ScopeLimit of [true, false]) {
    const answer = { ...TMP, SecurityToken: 'token', ...wrong, ScopeLimit }
    await expect(presign(async () => answer)).rejects.toMatchObject({
      code: 'INVALID_CREDENTIALS',
      message: expect.stringContaining(name.replace('Tmp', '')),
    })
  }
})

test('times that came as text are times', async () => {
  const answer = { ...TMP, SecurityToken: 'token', ExpiredTime: String(TMP.ExpiredTime) }
  expect(await tokenOf(async () => answer)).toBe('token')
})

describe('getAuthorization', () => {
  const key = { ...TMP, SecurityToken: 'token' }
  const later = async () => {}

  test.each([
    ['calls back', (_: unknown, callback: Callback) => callback(key)],
    [
      'calls back later',
      (_: unknown, callback: Callback) => void later().then(() => callback(key)),
    ],
    ['returns the key', () => key],
    ['returns a promise', async () => key],
    [
      'takes a callback and returns a promise',
      async (request: object, callback: object) => (request === callback ? undefined : key),
    ],
    [
      'returns the task of a request, and calls back later',
      (_: unknown, callback: Callback) => {
        void later().then(() => callback(key))
        return { abort() {}, errMsg: 'request:ok' }
      },
    ],
    [
      'returns the response of a request, and calls back',
      async (_: unknown, callback: Callback) => {
        void later()
          .then(later)
          .then(() => callback(key))
        return { statusCode: 200, data: {} }
      },
    ],
  ])('%s', async (_how, getAuthorization) => {
    expect(await tokenOf(getAuthorization)).toBe('token')
  })

  test.each([
    ['throws', () => Object.assign({}, undefined as never as { a: string }).a.length],
    ['rejects', async () => Promise.reject(new Error('login has ended'))],
    ['rejects with a text', async () => Promise.reject('login has ended')],
    ['is not there', undefined],
  ])('that %s is an error with a code', async (_how, getAuthorization) => {
    const rejected = await presign(getAuthorization).catch((error: unknown) => error)
    expect(rejected).toBeInstanceOf(Error)
    expect(rejected).toMatchObject({ code: 'NO_CREDENTIALS' })
  })

  test.each([
    [Object.assign(new Error('no'), { code: 'SERVER_REFUSED' })],
    [{ errMsg: 'request:fail url not in domain list' }],
  ])('may reject with what transfers understand: %j', async (error) => {
    const refuse = async () => {
      throw error
    }
    await expect(presign(refuse)).rejects.toBe(error)
  })

  test('gets Scope in the names of the SDK', async () => {
    const asked: string[] = []
    const cos = new COS({
      Bucket: OBJECT.Bucket,
      Region: OBJECT.Region,
      Clock,
      getAuthorization: async ({ Scope }) => {
        const [{ action, ...place }] = Scope as [(typeof Scope)[number]]
        expect(place).toEqual({ bucket: OBJECT.Bucket, region: OBJECT.Region, prefix: 'a/b' })
        asked.push(action)
        return { ...key, ScopeLimit: true }
      },
    })
    const uploadId = { uploadId: 'u' }
    await cos.signRequest({ method: 'PUT', key: 'a/b' })
    await cos.signRequest({ method: 'GET', key: 'a/b' })
    await cos.signRequest({ method: 'HEAD', key: 'a/b' })
    await cos.signRequest({ method: 'DELETE', key: 'a/b' })
    await cos.signPostForm({ key: 'a/b' })
    await cos.signRequest({ method: 'POST', key: 'a/b', query: { uploads: '' } })
    await cos.signRequest({ method: 'PUT', key: 'a/b', query: { partNumber: '1', ...uploadId } })
    await cos.signRequest({ method: 'GET', key: 'a/b', query: uploadId })
    await cos.signRequest({ method: 'POST', key: 'a/b', query: uploadId })
    await cos.signRequest({ method: 'DELETE', key: 'a/b', query: uploadId })
    expect(asked.map((action) => action.replace('name/cos:', ''))).toEqual([
      'PutObject',
      'GetObject',
      'HeadObject',
      'DeleteObject',
      'PostObject',
      'InitiateMultipartUpload',
      'UploadPart',
      'ListParts',
      'CompleteMultipartUpload',
      'AbortMultipartUpload',
    ])
  })

  describe('that never answers', () => {
    beforeEach(() => void jest.useFakeTimers())
    afterEach(() => void jest.useRealTimers())

    test('is an error after a while, and the next call asks again', async () => {
      let calls = 0
      const cos = new COS({
        getAuthorization: (_, callback) => {
          calls++
          if (calls > 1) callback({ ...key, ExpiredTime: Math.floor(Date.now() / 1000) + 900 })
        },
      })
      const silent = cos.presign(OBJECT).catch((error: unknown) => error)
      await jest.advanceTimersByTimeAsync(70_000)
      expect(await silent).toMatchObject({ code: 'NO_CREDENTIALS' })
      await expect(cos.presign(OBJECT)).resolves.toBeDefined()
      expect(jest.getTimerCount()).toBe(0)
    })
  })
})

describe('options of the SDK', () => {
  test('SystemClockOffset corrects the clock', () => {
    const options = { ...PERMANENT, Clock, SystemClockOffset: -60_000 }
    const time = `${NOW - 61};${NOW + 839}`
    expect(query(new COS(options).getObjectUrl(OBJECT))['q-sign-time']).toBe(time)
    expect(COS.getAuthorization({ ...options, Key: 'a' })).toContain(`q-sign-time=${time}&`)
  })

  test('UseAccelerate is signed for its host', async () => {
    const host = 'examplebucket-1250000000.cos.accelerate.myqcloud.com'
    const { Url } = await new COS({ ...PERMANENT, UseAccelerate: true }).presign(OBJECT)
    expect(new URL(Url).host).toBe(host)
    expect(new URL(new COS(PERMANENT).getObjectUrl({ ...OBJECT, UseAccelerate: true })).host).toBe(
      host,
    )
    const { Bucket, Region } = OBJECT
    const options = { ...PERMANENT, Bucket, Region, UseAccelerate: true }
    expect((await new COS(options).signPostForm({ key: 'a' })).url).toBe(`https://${host}/`)
  })

  test('Pathname is a key with its slash', () => {
    const sign = (place: object) => COS.getAuthorization({ ...PERMANENT, Clock, ...place })
    expect(sign({ Pathname: '/a b' })).toBe(sign({ Key: 'a b' }))
  })

  test('the others are named, once each', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {})
    const odd = {
      ForcePathStyle: true,
      FileParallelLimit: 3,
      SliceSize: 1,
      Timeout: 1,
      getSTS() {},
      AutoSwitchHost: true,
    }
    const oddUrl = { ...OBJECT, QueryString: 'a=1', VersionId: 'v' }
    const oddAuthorization = { ...PERMANENT, KeyTime: '1;2', ForceSignHost: false }
    for (let i = 0; i < 2; i++) {
      const cos = new COS({ ...PERMANENT, ...odd })
      await cos.presign(oddUrl)
      cos.getObjectUrl(oddUrl)
      COS.getAuthorization(oddAuthorization)
    }
    const named = warn.mock.calls.map(([text]) => /: (\w+) has no effect/.exec(String(text))?.[1])
    warn.mockRestore()
    expect(named).toEqual([
      'ForcePathStyle',
      'FileParallelLimit',
      'SliceSize',
      'Timeout',
      'getSTS',
      'AutoSwitchHost',
      'QueryString',
      'VersionId',
      'KeyTime',
      'ForceSignHost',
    ])
  })

  test('that we have are not', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {})
    const { Bucket, Region } = OBJECT
    const cos = new COS({
      ...PERMANENT,
      SecurityToken: 't',
      StartTime: 1,
      ExpiredTime: NOW * 2,
      Bucket,
      Region,
      Protocol: 'https:',
      Domain: 'a.example.com',
      Clock,
      SystemClockOffset: 1,
    })
    cos.getObjectUrl({ ...OBJECT, Sign: false, Method: 'PUT', Query: {}, Headers: {}, Expires: 1 })
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })
})

test.each(['SecretId', 'SecretKey'])('a masked %s is told to be one, and not quoted', (name) => {
  const masked = { ...PERMANENT, [name]: 'AKIDz8kr****' }
  for (const use of [() => new COS(masked), () => COS.getAuthorization(masked)]) {
    expect(use).toThrow(new RegExp(`^${name} is masked`))
    expect(use).not.toThrow('z8kr')
  }
})
