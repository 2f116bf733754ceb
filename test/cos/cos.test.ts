import { describe, expect, test } from '@jest/globals'
import COS, {
  postForm,
  presignedUrl,
  type COSOptions,
  type TemporaryKey,
} from '../../miniprogram/cos'

const NOW = 1_700_000_000
const Clock = () => NOW * 1000
const KEYS = { SecretId: 'SECRETID', SecretKey: 'SECRETKEY' }
const OBJECT = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing', Key: 'photo.jpg' }
const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'

const cos = (options: Partial<COSOptions> = {}) => new COS({ ...KEYS, Clock, ...options })

/** The query of a URL, each part decoded once. */
function query(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams)
}

function temporaryKey(more: Partial<TemporaryKey> = {}): TemporaryKey {
  return {
    TmpSecretId: 'TMPID',
    TmpSecretKey: 'TMPKEY',
    SecurityToken: 'to+k/en=',
    StartTime: NOW - 60,
    ExpiredTime: NOW + 1800,
    ...more,
  }
}

describe('getObjectUrl', () => {
  test('gives the callback the URL that it returns, later', async () => {
    const params = { ...OBJECT, Query: { 'imageMogr2/thumbnail/200x/': '' } }
    let returned = ''
    const given = await new Promise((resolve) => {
      returned = cos().getObjectUrl(params, (_error, data) => {
        expect(returned).not.toBe('')
        resolve(data?.Url)
      })
    })
    expect(given).toBe(returned)
    expect(query(returned)['q-url-param-list']).toBe('imagemogr2%2fthumbnail%2f200x%2f')
  })

  test('is http: unless told otherwise, as documented', () => {
    expect(cos().getObjectUrl(OBJECT)).toMatch(/^http:\/\//)
    expect(cos({ Protocol: 'https:' }).getObjectUrl(OBJECT)).toMatch(/^https:\/\//)
    expect(cos().getObjectUrl({ ...OBJECT, Protocol: 'https' })).toMatch(/^https:\/\//)
  })

  test('with Sign: false is the plain URL', () => {
    const url = cos().getObjectUrl({ ...OBJECT, Key: '照片/a b+c (1)&.png', Sign: false })
    expect(url).toBe(`http://${HOST}/%E7%85%A7%E7%89%87/a%20b%2Bc%20%281%29%26.png`)
  })

  test('always signs the host, once, whatever its case', () => {
    expect(query(cos().getObjectUrl(OBJECT))['q-header-list']).toBe('host')
    for (const Headers of [{ HOST: 'xxx' }, { host: '' }, { Host: HOST }]) {
      expect(query(cos().getObjectUrl({ ...OBJECT, Headers }))['q-header-list']).toBe('host')
    }
  })

  test('signs every header it is given', () => {
    const Headers = {
      'Content-Type': 'image/png',
      Date: 'today',
      'x-custom': '1',
      Range: undefined,
    }
    const list = query(cos().getObjectUrl({ ...OBJECT, Headers }))['q-header-list']
    expect(list).toBe('content-type;date;host;x-custom')
  })

  test('signs in the order of the encoded names', () => {
    const url = cos().getObjectUrl({
      ...OBJECT,
      Query: { 'a/b': '1', 'a-b': '2', 中文: '3', z: '4' },
    })
    expect(query(url)['q-url-param-list']).toBe('%e4%b8%ad%e6%96%87;a%2fb;a-b;z')
  })

  test('percent-encodes the token', () => {
    const url = cos({ SecurityToken: 'Ab+/=&x=1#frag' }).getObjectUrl(OBJECT)
    expect(url).toContain('x-cos-security-token=Ab%2B%2F%3D%26x%3D1%23frag')
  })

  test('takes an empty key for the bucket itself, and drops one leading slash', () => {
    expect(cos().getObjectUrl({ ...OBJECT, Key: '', Sign: false })).toBe(`http://${HOST}/`)
    expect(cos().getObjectUrl({ ...OBJECT, Key: '/a//b', Sign: false })).toBe(`http://${HOST}/a//b`)
  })

  test('addresses and signs a custom domain', () => {
    const url = cos({ Domain: '127.0.0.1:9000' }).getObjectUrl(OBJECT)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:9000\/photo\.jpg\?/)
  })

  test('without keys returns the plain URL and tells the callback', async () => {
    let url = ''
    const error = await new Promise<Error | null>((resolve) => {
      url = new COS().getObjectUrl(OBJECT, resolve)
    })
    expect(url).toBe(`http://${HOST}/photo.jpg`)
    expect(error).toMatchObject({ code: 'NO_CREDENTIALS' })
  })

  test.each([
    ['Bucket', { Bucket: undefined }],
    ['Bucket', { Bucket: 'examplebucket' }],
    ['Region', { Region: 'COS_REGION' }],
    ['Region', { Region: '' }],
    ['Key', { Key: 5 }],
    ['segments', { Key: 'a/../b' }],
    ['segments', { Key: './a' }],
    ['surrogate', { Key: 'a\ud800' }],
    ['Protocol', { Protocol: 'ftp:' }],
    ['Domain', { Domain: 'cdn.example.com/base' }],
    ['Domain', { Domain: 'cdn.example.com?x' }],
    ['Method', { Method: 'GET /' }],
    ['Expires', { Expires: 0 }],
    ['Expires', { Expires: -1 }],
    ['Expires', { Expires: 1.5 }],
    ['Expires', { Expires: Infinity }],
    ['Expires', { Expires: NaN }],
    ['Expires', { Expires: 'abc' }],
    ['Query "d"', { Query: { d: new Date(0) } }],
    ['Query', { Query: { b: '1', B: '2' } }],
    ['Headers', { Headers: { Range: 'a', range: 'b' } }],
    ['Headers', { Headers: 'host' }],
  ])('refuses a wrong %s: %j', (named, wrong) => {
    expect(() => cos().getObjectUrl({ ...OBJECT, ...wrong } as never)).toThrow(TypeError)
    expect(() => cos().getObjectUrl({ ...OBJECT, ...wrong } as never)).toThrow(named)
  })

  test('takes prototype names for what they are: names', () => {
    const Query = JSON.parse('{"__proto__": "1", "hasOwnProperty": "2", "constructor": "3"}')
    const url = cos().getObjectUrl({ ...OBJECT, Query })
    expect(query(url)['q-url-param-list']).toBe('__proto__;constructor;hasownproperty')
    expect(url).toContain('__proto__=1')
  })
})

describe('the time of a signature', () => {
  const times = (options: object, params: object = {}) =>
    query(cos(options).getObjectUrl({ ...OBJECT, ...params }))['q-sign-time']

  test('starts one second ago and lasts 900 seconds by default', () => {
    expect(times({})).toBe(`${NOW - 1};${NOW + 899}`)
    expect(times({}, { Expires: '60' })).toBe(`${NOW - 1};${NOW + 59}`)
  })

  test('never outlives its temporary key', () => {
    expect(times({ ExpiredTime: NOW + 90 }, { Expires: 3600 })).toBe(`${NOW - 1};${NOW + 90}`)
  })

  test('counts Expires from the start of KeyTime, not from that of the key', () => {
    expect(times({ StartTime: NOW - 1000 }, { Expires: 600 })).toBe(`${NOW - 1};${NOW + 599}`)
  })

  test('is never born expired', () => {
    const expired = cos({ SecurityToken: 't', ExpiredTime: NOW - 1 })
    expect(() => expired.getObjectUrl(OBJECT)).toThrow(
      expect.objectContaining({ code: 'CREDENTIALS_EXPIRED' }),
    )
  })

  test('refuses a clock that gives no time', () => {
    expect(() => cos({ Clock: () => NaN }).getObjectUrl(OBJECT)).toThrow('Clock')
  })
})

describe('getAuthorization', () => {
  const options = { ...KEYS, Clock, Method: 'get', Key: 'exampleobject', Expires: 60 }

  test('signs the headers it is given, and the host when bucket and region are given', () => {
    expect(COS.getAuthorization(options)).toContain('q-header-list=&')
    expect(COS.getAuthorization({ ...options, ...OBJECT })).toContain('q-header-list=host&')
    expect(COS.getAuthorization({ ...options, Headers: { Date: 'x' } })).toContain(
      'q-header-list=date&',
    )
  })

  test.each(['SecretId', 'SecretKey'])('refuses a missing %s', (name) => {
    expect(() => COS.getAuthorization({ ...options, [name]: '' })).toThrow(name)
  })
})

describe('presign', () => {
  test('is https, and names the headers that the client must set', async () => {
    const Headers = { 'Content-Type': 'image/png', Host: HOST, 'Content-Length': 3 }
    const signed = await cos().presign({ ...OBJECT, Method: 'PUT', Headers })
    expect(signed).toEqual({
      Url: cos().getObjectUrl({ ...OBJECT, Method: 'PUT', Headers, Protocol: 'https:' }),
      Method: 'PUT',
      Headers: { 'Content-Type': 'image/png' },
      ExpiredTime: NOW + 899,
    })
  })

  test('and presignedUrl give the same URL', async () => {
    const params = { ...OBJECT, Method: 'PUT', Query: { a: '1' }, Expires: 60 }
    expect(presignedUrl(KEYS, params, Clock)).toBe((await cos().presign(params)).Url)
    expect(presignedUrl(KEYS, { ...params, Protocol: 'http:' }, Clock)).toMatch(/^http:/)
  })

  test('rejects misuse with the TypeError that getObjectUrl throws', async () => {
    await expect(cos().presign({ ...OBJECT, Region: 'COS_REGION' })).rejects.toThrow(TypeError)
  })
})

describe('temporary keys by getAuthorization', () => {
  function provider(answer: (call: number) => unknown) {
    const calls: unknown[] = []
    const source = new COS({
      Clock,
      getAuthorization: (request, callback) => {
        calls.push(request)
        void Promise.resolve().then(() => callback(answer(calls.length) as never))
      },
    })
    return { source, calls }
  }

  test('are fetched once for concurrent calls, and kept', async () => {
    const { source, calls } = provider(() => temporaryKey())
    const urls = await Promise.all([1, 2, 3].map((n) => source.presign({ ...OBJECT, Key: `${n}` })))
    expect(calls).toHaveLength(1)
    expect(query(urls[2]!.Url)).toMatchObject({
      'q-ak': 'TMPID',
      'x-cos-security-token': 'to+k/en=',
    })
    expect(query(source.getObjectUrl(OBJECT))['q-ak']).toBe('TMPID')
    expect(calls).toHaveLength(1)
  })

  test('are renewed before they end', async () => {
    const { source, calls } = provider(() => temporaryKey({ ExpiredTime: NOW + 59 }))
    await source.presign(OBJECT)
    await source.presign(OBJECT)
    expect(calls).toHaveLength(2)
  })

  test('with ScopeLimit serve one request only', async () => {
    const { source, calls } = provider((call) =>
      temporaryKey({ TmpSecretId: `ID${call}`, ScopeLimit: true }),
    )
    const urls = await Promise.all(['a', 'b'].map((Key) => source.presign({ ...OBJECT, Key })))
    expect(urls.map(({ Url }) => query(Url)['q-ak'])).toEqual(['ID1', 'ID2'])
    expect(calls).toHaveLength(2)
  })

  test('may be a ready Authorization instead', async () => {
    const Authorization = COS.getAuthorization({
      ...KEYS,
      Clock,
      Key: OBJECT.Key,
      Headers: { Host: HOST },
    })
    for (const answer of [Authorization, { Authorization }]) {
      const { source } = provider(() => answer)
      const { Url } = await source.presign(OBJECT)
      expect(Url).toBe(cos().getObjectUrl({ ...OBJECT, Protocol: 'https:' }))
    }
  })

  test('are asked for with what must be signed', async () => {
    const { source, calls } = provider(() => temporaryKey())
    await source.presign({ ...OBJECT, Method: 'PUT', Query: { a: '1' } })
    expect(calls[0]).toEqual({
      ...OBJECT,
      Method: 'put',
      Pathname: '/photo.jpg',
      Query: { a: '1' },
      Headers: { Host: HOST },
      Scope: [
        {
          action: 'name/cos:PutObject',
          bucket: OBJECT.Bucket,
          region: OBJECT.Region,
          prefix: OBJECT.Key,
        },
      ],
    })
  })

  test.each([
    [null],
    [undefined],
    [''],
    ['q-ak=only'],
    [{}],
    [temporaryKey({ TmpSecretKey: '' })],
    [temporaryKey({ SecurityToken: undefined })],
    [temporaryKey({ ExpiredTime: NaN })],
  ])('are refused by name when they cannot sign: %j', async (answer) => {
    const { source } = provider(() => answer)
    await expect(source.presign(OBJECT)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })

  test('a failed fetch is not kept', async () => {
    const { source } = provider((call) => (call === 1 ? null : temporaryKey()))
    await expect(source.presign(OBJECT)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
    await expect(source.presign(OBJECT)).resolves.toBeDefined()
  })
})

describe('postForm', () => {
  const options = { ...KEYS, ...OBJECT, Clock, ContentType: 'image/jpeg', MaxBytes: 1024 }
  const policy = (form: { Fields: Record<string, string> }) =>
    JSON.parse(Buffer.from(form.Fields.policy!, 'base64').toString())

  test('pins bucket, key, size, type and ACL, and ends with the signature', () => {
    const form = postForm({ ...options, SecurityToken: 'token' })
    expect(form.Url).toBe(`http://${HOST}/`)
    expect(policy(form)).toEqual({
      expiration: new Date((NOW + 899) * 1000).toISOString(),
      conditions: [
        { bucket: OBJECT.Bucket },
        ['eq', '$key', 'photo.jpg'],
        ['eq', '$acl', 'default'],
        ['eq', '$success_action_status', '204'],
        ['eq', '$Content-Type', 'image/jpeg'],
        ['content-length-range', 0, 1024],
        { 'q-sign-algorithm': 'sha1' },
        { 'q-ak': 'SECRETID' },
        { 'q-sign-time': `${NOW - 1};${NOW + 899}` },
      ],
    })
    expect(form.Fields).toMatchObject({ key: 'photo.jpg', 'x-cos-security-token': 'token' })
    expect(form.ExpiredTime).toBe(NOW + 899)
  })

  test('may take any key below a prefix', () => {
    const form = postForm({ ...options, Key: undefined, KeyPrefix: 'photos/' })
    expect(policy(form).conditions).toContainEqual(['starts-with', '$key', 'photos/'])
    expect(form.Fields.key).toBe('photos/${filename}')
  })

  test('may answer a success with another status', () => {
    const form = postForm({ ...options, SuccessStatus: '200' })
    expect(policy(form).conditions).toContainEqual(['eq', '$success_action_status', '200'])
    expect(form.Fields.success_action_status).toBe('200')
  })

  test.each([
    ['Key', { Key: '' }],
    ['Key', { Key: '/' }],
    ['Key', { Key: undefined }],
    ['Key', { KeyPrefix: 'photos/' }],
    ['Key', { Key: undefined, KeyPrefix: '' }],
    ['Key', { Key: 5 }],
    ['SecretId', { SecretId: '' }],
    ['SecretKey', { SecretKey: undefined }],
    ['Bucket', { Bucket: 'examplebucket' }],
    ['SuccessStatus', { SuccessStatus: '302' }],
    ['SuccessStatus', { SuccessStatus: 200 }],
    ['MaxBytes', { MaxBytes: -1 }],
    ['MaxBytes', { MaxBytes: NaN }],
    ['MaxBytes', { MinBytes: 2000 }],
    ['Expires', { Expires: 0 }],
  ])('refuses a wrong %s: %j', (named, wrong) => {
    expect(() => postForm({ ...options, ...wrong } as never)).toThrow(TypeError)
    expect(() => postForm({ ...options, ...wrong } as never)).toThrow(named)
  })
})
