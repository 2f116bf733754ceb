import { BlockList, isIP } from 'node:net'

/** Everything the server can be told. Every variable is explained in `.env.example`. */
export interface Config {
  host: string
  port: number
  /** All paths begin with it: `/cos`, or ''. */
  pathPrefix: string
  bucket: string
  region: string
  /** What clients sign and address: the bucket's own host, a custom domain, or the local cloud. */
  domain: string
  protocol: 'https:' | 'http:'
  secretId: string
  secretKey: string
  sts: { protocol: 'https:' | 'http:'; host: string }
  /** STS is the local cloud: plain http on a loopback or private address. */
  localCloud: boolean
  /** Absent only with the local cloud, where every login is one development user, and in CloudBase. */
  weChat: { appId: string; secret: string } | undefined
  /** It runs in CloudBase, which puts the user's openid into a header. Elsewhere anybody could. */
  cloudBase: boolean
  sessionSecret: string
  userIdSecret: string
  credentialsSeconds: number
  maxUploadBytes: number
  /** What uploads may be stored as: `image/png`, or a beginning, `video/*`. */
  contentTypes: string[]
  /** Multipart uploads are offered: nothing bounds their total size. */
  multipart: boolean
  /** Requests in one minute, counted by each process or, in a Redis, by all together. */
  rateLimits: { perUser: number; perAddress: number; redisUrl: string | undefined }
  /** Peers whose `X-Forwarded-For` is believed, as proxy-addr takes them. */
  trustedProxies: string[]
  corsOrigins: string[]
  /** Where faults are ordered at the local cloud; only with one, and only where it was told. */
  faultsUrl: string | undefined
  /** The API is described at `/docs`. */
  apiDocs: boolean
}

/** The local cloud's own defaults, and secrets that protect nothing: everybody can read them here. */
const LOCAL_CLOUD = {
  bucket: 'examplebucket-1250000000',
  region: 'ap-beijing',
  secretId: 'local-secret-id',
  secretKey: 'local-secret-key',
  sessionSecret: 'development-session-secret-only-for-the-local-cloud',
  userIdSecret: 'development-user-id-secret-only-for-the-local-cloud',
}

/** wx's FileSystemManager.readFile takes at most 100 MB, so no single PUT or POST needs more. */
const DEFAULT_MAX_UPLOAD_BYTES = 100 * 1024 * 1024
/** COS takes at most 5 GB in one PUT or POST. */
const MAX_OBJECT_BYTES = 5 * 1024 ** 3
/**
 * All that the app sends. Not html, svg and xml: a user's script must not run under the domain of the
 * bucket. Text may name its charset.
 */
const DEFAULT_CONTENT_TYPES = `application/json*, application/msword, application/octet-stream,
  application/pdf, application/vnd.ms-excel, application/vnd.ms-powerpoint,
  application/vnd.openxmlformats-officedocument.*, application/zip, audio/*, image/gif, image/heic,
  image/jpeg, image/png, image/webp, text/csv*, text/markdown*, text/plain*, video/*`
/** They stand twice in a policy, which STS takes up to 6144 characters. */
const MAX_CONTENT_TYPES_CHARACTERS = 1500
/** What STS grants to every kind of account; only sub-accounts may ask for more. */
const MAX_CREDENTIALS_SECONDS = 7200
const MIN_SECRET_CHARACTERS = 32

/**
 * Reads and checks the configuration. With nothing set it refuses: only an `STS_ENDPOINT` that is
 * the local cloud brings defaults for bucket, keys and secrets.
 *
 * @param env for example `process.env`; an empty value counts as not set
 * @throws Error with code `INVALID_CONFIG` and `problems`, one line for each problem; no line shows a secret
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems: string[] = []
  const settings = readSettings(env, problems)
  const sts = readStsEndpoint(settings, problems)
  const localCloud = sts.protocol === 'http:'
  const fallback: Partial<typeof LOCAL_CLOUD> = localCloud ? LOCAL_CLOUD : {}

  const bucket = settings.text('COS_BUCKET', {
    expected: "the bucket's name with its APPID, such as examplebucket-1250000000",
    pattern: /^[a-z0-9][a-z0-9-]*-\d+$/,
    fallback: fallback.bucket,
  })
  const region = settings.text('COS_REGION', {
    expected: "the bucket's region, such as ap-beijing",
    pattern: /^[a-z]+-[a-z0-9-]+$/,
    fallback: fallback.region,
  })
  const config: Config = {
    host: settings.text('HOST', { expected: 'an address to listen on', fallback: '127.0.0.1' }),
    port: settings.integer('PORT', { min: 0, max: 65535, fallback: 3000 }),
    pathPrefix: settings.text('PATH_PREFIX', {
      expected: 'a path such as /cos, without a slash at its end',
      pattern: /^(\/[\w-]+)+$/,
      fallback: '',
    }),
    bucket,
    region,
    domain: settings.text('COS_DOMAIN', {
      expected: 'a host such as files.example.com, without https:// and without a path',
      pattern: /^[a-z0-9.-]+(:\d+)?$/i,
      fallback: localCloud ? sts.host : `${bucket}.cos.${region}.myqcloud.com`,
    }),
    protocol: sts.protocol,
    secretId: settings.secret('TENCENT_SECRET_ID', { fallback: fallback.secretId }),
    secretKey: settings.secret('TENCENT_SECRET_KEY', { fallback: fallback.secretKey }),
    sts,
    localCloud,
    ...readLogin(settings, localCloud),
    ...readOwnSecrets(settings, problems, localCloud),
    credentialsSeconds: settings.integer('CREDENTIALS_SECONDS', {
      min: 60,
      max: MAX_CREDENTIALS_SECONDS,
      fallback: 900,
    }),
    maxUploadBytes: settings.integer('MAX_UPLOAD_BYTES', {
      min: 1,
      max: MAX_OBJECT_BYTES,
      fallback: DEFAULT_MAX_UPLOAD_BYTES,
    }),
    contentTypes: readContentTypes(settings, problems),
    multipart: settings.flag('MULTIPART', true),
    rateLimits: {
      perUser: settings.integer('RATE_LIMIT_PER_USER', { min: 1, max: 1e6, fallback: 1200 }),
      perAddress: settings.integer('RATE_LIMIT_PER_ADDRESS', { min: 1, max: 1e6, fallback: 6000 }),
      redisUrl: readRedisUrl(settings, problems),
    },
    trustedProxies: readTrustedProxies(settings),
    corsOrigins: readCorsOrigins(settings),
    faultsUrl: readFaultsUrl(settings, problems, localCloud),
    apiDocs: settings.flag('API_DOCS', false),
  }
  if (problems.length > 0) {
    throw Object.assign(new Error(problems.join('\n')), { code: 'INVALID_CONFIG', problems })
  }
  return config
}

/** A value in the line of a problem. What may be a secret in the wrong place is not shown. */
function redact(value: string): string {
  if (/^\w{28,}$/.test(value)) return `${value.length} characters`
  return JSON.stringify(value.replace(/\/\/[^/@]*@/, '//…@'))
}

type Settings = ReturnType<typeof readSettings>

/** Readers of one variable each. They note a problem and go on, so that all problems show at once. */
function readSettings(env: Record<string, string | undefined>, problems: string[]) {
  const raw = (name: string) => env[name]?.trim() || undefined

  const text = (
    name: string,
    { expected, pattern, fallback }: { expected: string; pattern?: RegExp; fallback?: string },
  ): string => {
    const value = raw(name)
    if (value === undefined && fallback !== undefined) return fallback
    if (value !== undefined && (pattern === undefined || pattern.test(value))) return value
    problems.push(`${name}: expected ${expected}, got ${value ? redact(value) : 'nothing'}`)
    return ''
  }

  const secret = (
    name: string,
    { minLength = 1, fallback }: { minLength?: number; fallback?: string } = {},
  ): string => {
    const value = raw(name) ?? fallback ?? ''
    if (value.length < minLength) {
      const expected = minLength > 1 ? `at least ${minLength} characters` : 'a value'
      problems.push(`${name}: expected ${expected}, got ${value.length || 'nothing'}`)
    }
    return value
  }

  const integer = (
    name: string,
    { min, max, fallback }: { min: number; max: number; fallback: number },
  ): number => {
    const value = raw(name) ?? String(fallback)
    const number = /^\d+$/.test(value) ? Number(value) : NaN
    if (number >= min && number <= max) return number
    problems.push(`${name}: expected a whole number from ${min} to ${max}, got ${redact(value)}`)
    return fallback
  }

  const flag = (name: string, fallback: boolean): boolean => {
    const value = raw(name) ?? (fallback ? 'on' : 'off')
    if (value !== 'on' && value !== 'off') {
      problems.push(`${name}: expected on or off, got ${redact(value)}`)
    }
    return value === 'on'
  }

  /** Items between commas; `isValid` tells which are none. */
  const list = (name: string, { expected, isValid, fallback }: ListOptions): string[] => {
    const value = raw(name) ?? fallback
    const items = value === '' ? [] : value.split(',').map((item) => item.trim())
    return items.filter((item) => {
      if (isValid(item)) return true
      problems.push(`${name}: expected ${expected}, got ${redact(item)}`)
      return false
    })
  }

  return { raw, text, secret, integer, flag, list }
}

interface ListOptions {
  expected: string
  isValid: (item: string) => boolean
  fallback: string
}

function readStsEndpoint(settings: Settings, problems: string[]): Config['sts'] {
  const real: Config['sts'] = { protocol: 'https:', host: 'sts.tencentcloudapi.com' }
  const value = settings.raw('STS_ENDPOINT')
  if (value === undefined) return real
  const url = parseUrl(value)
  if (url === undefined || url.href !== `${url.origin}/`) {
    problems.push(
      `STS_ENDPOINT: expected an address such as https://${real.host}, got ${redact(value)}`,
    )
    return real
  }
  if (url.protocol === 'https:') return { protocol: 'https:', host: url.host }
  if (url.protocol === 'http:' && isPrivate(url.hostname)) {
    return { protocol: 'http:', host: url.host }
  }
  problems.push(
    `STS_ENDPOINT: expected https (plain http only for a local cloud on a loopback or private address), got ${redact(value)}`,
  )
  return real
}

/** The development login needs no setting, so it must exist for nothing but the local cloud. */
function readLogin(settings: Settings, localCloud: boolean): Pick<Config, 'weChat' | 'cloudBase'> {
  const cloudBase = settings.flag('WX_CLOUDBASE', false)
  const isSet = settings.raw('WX_APPID') ?? settings.raw('WX_SECRET')
  if (cloudBase || (localCloud && !isSet)) return { weChat: undefined, cloudBase }
  return {
    weChat: {
      appId: settings.text('WX_APPID', {
        expected: "the mini program's AppID, such as wx0123456789abcdef",
        pattern: /^wx[0-9a-z]+$/,
      }),
      secret: settings.secret('WX_SECRET'),
    },
    cloudBase,
  }
}

function readOwnSecrets(
  settings: Settings,
  problems: string[],
  localCloud: boolean,
): Pick<Config, 'sessionSecret' | 'userIdSecret'> {
  const read = (name: string, development: string) => {
    const value = settings.secret(name, {
      minLength: MIN_SECRET_CHARACTERS,
      fallback: localCloud ? development : undefined,
    })
    if (!localCloud && value === development) {
      problems.push(`${name}: expected a secret of your own, got the published development one`)
    }
    return value
  }
  const sessionSecret = read('SESSION_SECRET', LOCAL_CLOUD.sessionSecret)
  const userIdSecret = read('USER_ID_SECRET', LOCAL_CLOUD.userIdSecret)
  if (sessionSecret !== '' && sessionSecret === userIdSecret) {
    problems.push('USER_ID_SECRET: expected another secret than SESSION_SECRET, got the same')
  }
  return { sessionSecret, userIdSecret }
}

function readCorsOrigins(settings: Settings): string[] {
  return settings.list('CORS_ORIGINS', {
    expected:
      'origins such as https://app.example.com (plain http only for a loopback or private address)',
    isValid(origin) {
      const url = parseUrl(origin)
      const isSecure =
        url?.protocol === 'https:' || (url?.protocol === 'http:' && isPrivate(url.hostname))
      return url?.origin === origin && isSecure
    },
    fallback: '',
  })
}

/** Every user of the app can inject faults there, so it must be a cloud that nobody depends on. */
function readFaultsUrl(
  settings: Settings,
  problems: string[],
  localCloud: boolean,
): string | undefined {
  const value = settings.raw('FAULTS_URL')
  if (value === undefined) return undefined
  const url = parseUrl(value)
  const isPlain = url?.protocol === 'http:' && url.href === url.origin + url.pathname
  if (localCloud && isPlain && isPrivate(url.hostname)) return url.href
  const wanted = 'plain http on a loopback or private address, without a user, ? or #'
  problems.push(
    localCloud
      ? `FAULTS_URL: expected ${wanted}, got ${redact(value)}`
      : 'FAULTS_URL: expected nothing, for STS_ENDPOINT is not a local cloud',
  )
  return undefined
}

/** The value may hold a password, so a problem does not show it. */
function readRedisUrl(settings: Settings, problems: string[]): string | undefined {
  const value = settings.raw('RATE_LIMIT_REDIS')
  if (value === undefined) return undefined
  const url = parseUrl(value)
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:'
  const isWhole = isRedis && url.hostname !== '' && /^(\/\d*)?$/.test(url.pathname)
  if (isWhole && url.search === '' && url.hash === '' && isDecodable(url.username + url.password)) {
    return value
  }
  problems.push(
    'RATE_LIMIT_REDIS: expected redis://user:password@host:port/number (rediss:// for TLS, the password percent-encoded), got something else',
  )
  return undefined
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function readContentTypes(settings: Settings, problems: string[]): string[] {
  const types = settings.list('UPLOAD_CONTENT_TYPES', {
    expected: 'types such as image/png, or beginnings such as video/*',
    isValid: (type) => /^[a-z][a-z0-9-]*\/(\*|[a-z0-9][a-z0-9.+-]*\*?)$/.test(type),
    fallback: DEFAULT_CONTENT_TYPES,
  })
  const length = types.join().length
  if (length > MAX_CONTENT_TYPES_CHARACTERS) {
    problems.push(
      `UPLOAD_CONTENT_TYPES: expected at most ${MAX_CONTENT_TYPES_CHARACTERS} characters, got ${length}`,
    )
  }
  return types
}

/** The default is right for a reverse proxy on the same machine, and harmless without one. */
function readTrustedProxies(settings: Settings): string[] {
  return settings.list('TRUSTED_PROXIES', {
    expected: 'loopback, linklocal, uniquelocal, or addresses such as 10.0.0.0/8',
    isValid: (proxy) => /^(loopback|linklocal|uniquelocal)$/.test(proxy) || isNetwork(proxy),
    fallback: 'loopback',
  })
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined
}

const privateAddresses = new BlockList()
privateAddresses.addSubnet('127.0.0.0', 8)
privateAddresses.addSubnet('10.0.0.0', 8)
privateAddresses.addSubnet('172.16.0.0', 12)
privateAddresses.addSubnet('192.168.0.0', 16)
privateAddresses.addAddress('::1', 'ipv6')
privateAddresses.addSubnet('fc00::', 7, 'ipv6')

/** A name other than localhost is never private: what it resolves to can change. */
function isPrivate(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  if (address === 'localhost') return true
  const version = isIP(address)
  return version !== 0 && privateAddresses.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

/** `10.1.2.3` or `10.0.0.0/8`. Not `0.0.0.0/0`: that would believe everybody. */
function isNetwork(text: string): boolean {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  const bits = version === 4 ? 32 : 128
  return version !== 0 && (length === undefined || (Number(length) > 0 && Number(length) <= bits))
}
