import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from '@jest/globals'

import { readConfig } from '../../server/config'

const REAL = {
  TENCENT_SECRET_ID: 'AKIDexample',
  TENCENT_SECRET_KEY: 'a-secret-key-of-the-account',
  COS_BUCKET: 'photos-1250000000',
  COS_REGION: 'ap-guangzhou',
  WX_APPID: 'wx0123456789abcdef',
  WX_SECRET: 'a-secret-of-wechat',
  SESSION_SECRET: 's'.repeat(32),
  USER_ID_SECRET: 'u'.repeat(32),
}
const LOCAL = { STS_ENDPOINT: 'http://127.0.0.1:9000' }

function problemsOf(env: Record<string, string | undefined>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    return (error as { problems: string[] }).problems
  }
  return []
}

describe('a real account', () => {
  test('needs only what cannot be guessed', () => {
    expect(readConfig(REAL)).toEqual({
      host: '127.0.0.1',
      port: 3000,
      pathPrefix: '',
      bucket: 'photos-1250000000',
      region: 'ap-guangzhou',
      domain: 'photos-1250000000.cos.ap-guangzhou.myqcloud.com',
      protocol: 'https:',
      secretId: 'AKIDexample',
      secretKey: 'a-secret-key-of-the-account',
      sts: { protocol: 'https:', host: 'sts.tencentcloudapi.com' },
      localCloud: false,
      weChat: { appId: 'wx0123456789abcdef', secret: 'a-secret-of-wechat' },
      cloudBase: false,
      sessionSecret: 's'.repeat(32),
      userIdSecret: 'u'.repeat(32),
      credentialsSeconds: 900,
      maxUploadBytes: 104857600,
      contentTypes: expect.arrayContaining(['image/png', 'video/*']),
      multipart: true,
      rateLimits: { perUser: 1200, perAddress: 6000 },
      trustedProxies: ['loopback'],
      corsOrigins: [],
      apiDocs: false,
    })
  })

  test('a custom domain is what clients sign', () => {
    expect(readConfig({ ...REAL, COS_DOMAIN: 'files.example.com' }).domain).toBe(
      'files.example.com',
    )
  })

  test('with nothing set, every missing variable is named, one line each', () => {
    expect(problemsOf({}).map((line) => line.split(':')[0])).toEqual([
      'COS_BUCKET',
      'COS_REGION',
      'TENCENT_SECRET_ID',
      'TENCENT_SECRET_KEY',
      'WX_APPID',
      'WX_SECRET',
      'SESSION_SECRET',
      'USER_ID_SECRET',
    ])
    expect(() => readConfig({})).toThrow(
      expect.objectContaining({ code: 'INVALID_CONFIG', message: problemsOf({}).join('\n') }),
    )
    expect(problemsOf({}).join('')).not.toContain('\n')
  })

  test.each(Object.keys(REAL))('does not start without %s', (name) => {
    expect(problemsOf({ ...REAL, [name]: ' ' })).toEqual([expect.stringMatching(`^${name}: `)])
  })
})

describe('the local cloud', () => {
  test('runs without any other setting, as one development user', () => {
    expect(readConfig(LOCAL)).toMatchObject({
      bucket: 'examplebucket-1250000000',
      region: 'ap-beijing',
      domain: '127.0.0.1:9000',
      protocol: 'http:',
      secretId: 'local-secret-id',
      secretKey: 'local-secret-key',
      sts: { protocol: 'http:', host: '127.0.0.1:9000' },
      localCloud: true,
      weChat: undefined,
    })
  })

  test.each(['http://localhost:9000', 'http://192.168.1.5:9000', 'http://[::1]:9000'])(
    'may be at %s',
    (STS_ENDPOINT) => {
      expect(readConfig({ STS_ENDPOINT }).localCloud).toBe(true)
    },
  )

  test('can log in through WeChat, with both values or none', () => {
    const { WX_APPID, WX_SECRET } = REAL
    expect(readConfig({ ...LOCAL, WX_APPID, WX_SECRET }).weChat?.appId).toBe(WX_APPID)
    expect(problemsOf({ ...LOCAL, WX_APPID })).toEqual([expect.stringMatching('^WX_SECRET: ')])
    expect(problemsOf({ ...LOCAL, WX_SECRET })).toEqual([expect.stringMatching('^WX_APPID: ')])
  })
})

describe('where faults are ordered', () => {
  const FAULTS_URL = 'http://127.0.0.1:9001/faults'

  test('is known only where it is told', () => {
    expect(readConfig(LOCAL).faultsUrl).toBeUndefined()
    expect(readConfig({ ...LOCAL, FAULTS_URL }).faultsUrl).toBe(FAULTS_URL)
  })

  test('is refused with a real account, and away from this network', () => {
    expect(problemsOf({ ...REAL, FAULTS_URL })).toEqual([expect.stringMatching('^FAULTS_URL: ')])
    for (const url of ['http://8.8.8.8/faults', 'https://127.0.0.1/faults', '127.0.0.1']) {
      expect(problemsOf({ ...LOCAL, FAULTS_URL: url })).toEqual([
        expect.stringMatching('^FAULTS_URL: expected plain http'),
      ])
    }
  })

  test.each([
    'http://user:password@127.0.0.1:9001/faults',
    'http://user@127.0.0.1:9001/faults',
    `${FAULTS_URL}?a=b`,
    `${FAULTS_URL}#a`,
  ])('is an address and nothing else, not %s', (url) => {
    const [problem = ''] = problemsOf({ ...LOCAL, FAULTS_URL: url })
    expect(problem).toContain('without a user, ? or #')
    expect(problem).not.toContain('password')
  })
})

describe('refuses what is insecure', () => {
  test.each([
    'http://sts.tencentcloudapi.com',
    'http://8.8.8.8:9000',
    'http://172.32.0.1',
    'http://127.0.0.1.example.com',
    'ftp://127.0.0.1',
    'https://sts.tencentcloudapi.com/path',
    'https://user:password@sts.tencentcloudapi.com',
    'sts.tencentcloudapi.com',
  ])('STS_ENDPOINT %s, and no default of the local cloud comes with it', (STS_ENDPOINT) => {
    expect(problemsOf({ ...REAL, STS_ENDPOINT })).toEqual([
      expect.stringMatching('^STS_ENDPOINT: '),
    ])
    expect(problemsOf({ STS_ENDPOINT })).toHaveLength(9)
  })

  test('the published development secrets', () => {
    const { sessionSecret, userIdSecret } = readConfig(LOCAL)
    expect(
      problemsOf({ ...REAL, SESSION_SECRET: sessionSecret, USER_ID_SECRET: userIdSecret }),
    ).toEqual([
      expect.stringMatching('^SESSION_SECRET: .* published'),
      expect.stringMatching('^USER_ID_SECRET: .* published'),
    ])
  })

  test('short secrets, and one secret for two uses', () => {
    expect(problemsOf({ ...REAL, SESSION_SECRET: 's'.repeat(31) })).toEqual([
      'SESSION_SECRET: expected at least 32 characters, got 31',
    ])
    expect(problemsOf({ ...REAL, SESSION_SECRET: REAL.USER_ID_SECRET })).toEqual([
      expect.stringMatching('^USER_ID_SECRET: .* the same'),
    ])
  })

  test.each(['*', 'null', 'app.example.com', 'https://app.example.com/', 'http://example.com'])(
    'CORS_ORIGINS %s',
    (CORS_ORIGINS) => {
      expect(problemsOf({ ...REAL, CORS_ORIGINS })).toEqual([
        expect.stringMatching('^CORS_ORIGINS: '),
      ])
    },
  )
})

test.each([
  ['PORT', 'abc'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['CREDENTIALS_SECONDS', '59'],
  ['CREDENTIALS_SECONDS', '7201'],
  ['MAX_UPLOAD_BYTES', '0'],
  ['MAX_UPLOAD_BYTES', '1e3'],
  ['COS_BUCKET', 'photos'],
  ['COS_REGION', 'COS_REGION'],
  ['COS_DOMAIN', 'https://files.example.com'],
  ['WX_APPID', 'my-app'],
  ['RATE_LIMIT_PER_USER', '0'],
  ['RATE_LIMIT_PER_ADDRESS', '1e9'],
  ['PATH_PREFIX', 'cos'],
  ['PATH_PREFIX', '/cos/'],
  ['PATH_PREFIX', '/'],
  ['PATH_PREFIX', '/:id'],
  ['MULTIPART', 'yes'],
  ['API_DOCS', 'true'],
  ['WX_CLOUDBASE', '1'],
  ['UPLOAD_CONTENT_TYPES', '*'],
  ['UPLOAD_CONTENT_TYPES', '*/*'],
  ['UPLOAD_CONTENT_TYPES', 'image'],
  ['UPLOAD_CONTENT_TYPES', 'image/*png'],
  ['UPLOAD_CONTENT_TYPES', 'Image/PNG'],
  ['UPLOAD_CONTENT_TYPES', 'image/${uin}'],
  ['TRUSTED_PROXIES', 'true'],
  ['TRUSTED_PROXIES', '0.0.0.0/0'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', 'proxy.example.com'],
])('%s=%s is one problem that shows the value', (name, value) => {
  const [problem = '', ...others] = problemsOf({ ...REAL, [name]: value })
  expect(problem).toMatch(new RegExp(`^${name}: expected `))
  expect(problem.endsWith(`, got "${value}"`)).toBe(true)
  expect(others).toEqual([])
})

test('types and proxies are separated by commas, too', () => {
  const config = readConfig({
    ...REAL,
    UPLOAD_CONTENT_TYPES: 'image/png, application/vnd.ms-excel,video/*',
    TRUSTED_PROXIES: 'loopback, 10.0.0.0/8, fd00::/8, 203.0.113.7',
  })
  expect(config.contentTypes).toEqual(['image/png', 'application/vnd.ms-excel', 'video/*'])
  expect(config.trustedProxies).toEqual(['loopback', '10.0.0.0/8', 'fd00::/8', '203.0.113.7'])
})

test('an item that is empty is a problem', () => {
  expect(problemsOf({ ...REAL, UPLOAD_CONTENT_TYPES: 'image/png,' })).toEqual([
    expect.stringMatching(/^UPLOAD_CONTENT_TYPES: .*, got ""$/),
  ])
})

test('a list of types is not longer than a policy takes', () => {
  const UPLOAD_CONTENT_TYPES = Array.from({ length: 120 }, (_, i) => `image/type-${i}`).join()
  expect(problemsOf({ ...REAL, UPLOAD_CONTENT_TYPES })).toEqual([
    expect.stringMatching(/^UPLOAD_CONTENT_TYPES: expected at most 1500 characters, got 1/),
  ])
})

test('in CloudBase the AppID and AppSecret of WeChat are not needed', () => {
  const env = { ...REAL, WX_APPID: '', WX_SECRET: '' }
  expect(readConfig({ ...env, WX_CLOUDBASE: 'on' })).toMatchObject({
    weChat: undefined,
    cloudBase: true,
  })
  expect(problemsOf({ ...env, WX_CLOUDBASE: 'off' })).toHaveLength(2)
})

test('origins are separated by commas', () => {
  const CORS_ORIGINS = 'https://app.example.com, http://127.0.0.1:8080'
  expect(readConfig({ ...REAL, CORS_ORIGINS }).corsOrigins).toEqual([
    'https://app.example.com',
    'http://127.0.0.1:8080',
  ])
})

test('no problem shows a secret', () => {
  const broken = {
    ...REAL,
    SESSION_SECRET: 'too-short-1',
    USER_ID_SECRET: 'too-short-2',
    PORT: 'x',
  }
  const text = problemsOf(broken).join('\n')
  for (const name of ['TENCENT_SECRET_KEY', 'WX_SECRET', 'SESSION_SECRET', 'USER_ID_SECRET']) {
    expect(text).not.toContain(broken[name as keyof typeof broken])
  }
})

test.each([
  ['WX_APPID', '0123456789abcdef0123456789abcdef', '32 characters'],
  ['STS_ENDPOINT', 'http://user:password@example.com', '//…@example.com'],
])('%s shows no secret that was put there', (name, value, instead) => {
  const read = () =>
    readConfig({ STS_ENDPOINT: 'http://127.0.0.1:9000', WX_SECRET: 'x', [name]: value })
  expect(read).toThrow(instead)
  expect(read).not.toThrow(new RegExp(`password|${value}`))
})

test.each([
  'redis://',
  'redis:6379',
  'http://127.0.0.1:6379',
  '127.0.0.1:6379',
  'redis://127.0.0.1:port',
  'redis://127.0.0.1:6379/one',
  'redis://127.0.0.1:6379?family=6',
  'redis://:pass/word@127.0.0.1:6379',
  'redis://:100%@127.0.0.1:6379',
])('RATE_LIMIT_REDIS=%s is one problem that does not show the value', (RATE_LIMIT_REDIS) => {
  expect(problemsOf({ ...REAL, RATE_LIMIT_REDIS })).toEqual([
    'RATE_LIMIT_REDIS: expected redis://user:password@host:port/number (rediss:// for TLS, the password percent-encoded), got something else',
  ])
})

test.each([
  'redis://10.0.0.5',
  'redis://:p%2Fw@redis.example.com:6379/1',
  'rediss://u:p@[::1]:6380',
])('RATE_LIMIT_REDIS=%s is taken', (RATE_LIMIT_REDIS) => {
  expect(readConfig({ ...REAL, RATE_LIMIT_REDIS }).rateLimits.redisUrl).toBe(RATE_LIMIT_REDIS)
})

test('.env.example names every variable, and explains each in both languages', () => {
  const example = readFileSync(join(__dirname, '..', '..', 'server', '.env.example'), 'utf8')
  const source = readFileSync(join(__dirname, '..', '..', 'server', 'config.ts'), 'utf8')
  const read = [...source.matchAll(/(?:settings\.\w+|read)\('([A-Z_]+)'/g)].map(([, name]) => name)
  const named = [...example.matchAll(/^([A-Z_]+)=$|^# (HOST|PORT)=\d/gm)].map(
    ([, name, other]) => name ?? other,
  )
  expect(new Set(named)).toEqual(new Set(read))

  for (const [, comment] of example.matchAll(/((?:^#.*\n)+)(?:[A-Z_]+=\n)+/gm)) {
    expect(comment).toMatch(/[\u4e00-\u9fff]/)
    expect(comment).toMatch(/[A-Za-z]{3,} [a-z]{2,}/)
  }
  expect(
    readConfig(Object.fromEntries([...named.map((name) => [name, '']), ...Object.entries(REAL)])),
  ).toEqual(readConfig(REAL))
})
