/** Backends made after Tencent's own samples, with bucket, region and prefix from config.ts. */
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import { config } from '../../miniprogram/config'
import COS from '../../miniprogram/cos'
import { serverSigning } from '../../miniprogram/signing/server-signed'
import { createSession } from '../../miniprogram/signing/session'
import { temporaryKeySigning } from '../../miniprogram/signing/temporary-key'
import { downloadObject } from '../../miniprogram/transfer/download-object'
import { asFailure } from '../../miniprogram/transfer/failure'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { postObject } from '../../miniprogram/transfer/post-object'
import { putObject } from '../../miniprogram/transfer/put-object'
import type { SignRequest } from '../../miniprogram/transfer/signing'
import { blocks, read as readDocument, ROOT } from '../docs/documents'
import { BUCKET, REGION } from '../local-cloud/cloud'
import { temporaryKey, type TemporaryKey } from '../local-cloud/sts-client'
import { environment } from './environment'

const env = environment()
const original = structuredClone(config)
const requests: { path: string; body: Record<string, unknown>; token: string | undefined }[] = []
let answer: (body: Record<string, unknown>, path: string) => unknown
let key: TemporaryKey

const backend = createServer(async (request, response) => {
  const body = JSON.parse((await read(request)) || '{}') as Record<string, unknown>
  const path = request.url ?? ''
  requests.push({ path, body, token: request.headers.authorization })
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(await answer(body, path)))
})

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

beforeAll(async () => {
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve))
  const statement = { effect: 'allow', action: ['name/cos:*'], resource: ['*'] }
  key = await temporaryKey(Number(new URL(env.stack.cloud).port), statement)
})
afterAll(() => new Promise((resolve) => backend.close(resolve)))

beforeEach(() => {
  const { port } = backend.address() as AddressInfo
  env.wx.setStorageSync('server-url', `http://127.0.0.1:${port}`)
  const paths = { ...config.paths, session: '', credentials: '/sts' }
  const place = { bucket: BUCKET, region: REGION, domain: env.stack.cloud, prefix: 'uploads/' }
  Object.assign(config, place, { paths })
  requests.length = 0
})
afterEach(() => {
  Object.assign(config, structuredClone(original))
})

const file = (text = 'hello') => ({
  filePath: env.wx.addTempFile(Buffer.from(text), 'a.txt'),
  contentType: 'text/plain',
})

/** What the document's own config.ts does not say of the local cloud. */
const place = () => ({
  cosHost: new URL(env.stack.cloud).host,
  protocol: 'http:',
  bucket: BUCKET,
  region: REGION,
})

/** The last block of the document, as a project has it beside the copied folders. */
async function codeOfTheDocument() {
  const code = blocks(readDocument('docs/existing-backend.md'), 'ts').at(-1) ?? ''
  const contents = code.replace(/examplebucket[\w.-]+\.myqcloud\.com/, place().cosHost)
  const { outputFiles } = await build({
    stdin: { contents, loader: 'ts', resolveDir: path.join(ROOT, 'miniprogram/signing') },
    bundle: true,
    write: false,
    format: 'cjs',
  })
  const module = { exports: {} as Record<string, (...values: string[]) => Promise<object>> }
  // oxlint-disable-next-line typescript/no-implied-eval -- it is our own code
  new Function('module', outputFiles[0]!.text)(module)
  return module.exports
}

const KEY = { TmpSecretId: 'i', TmpSecretKey: 'k', Token: 't', ExpiredTime: 2_000_000_000 }

describe('a temporary key', () => {
  const credentials = () => ({
    tmpSecretId: key.secretId,
    tmpSecretKey: key.secretKey,
    sessionToken: key.token,
  })
  const pascal = () => ({ TmpSecretId: key.secretId, TmpSecretKey: key.secretKey })
  const times = () => ({ startTime: key.expiredTime - 1800, expiredTime: key.expiredTime })
  const Times = () => ({ StartTime: key.expiredTime - 1800, ExpiredTime: key.expiredTime })

  test.each<[string, () => object]>([
    [
      'of the STS SDKs of Node, Java, PHP and Python',
      () => ({
        requestId: 'r',
        expiration: '2030-01-01T00:00:00Z',
        ...times(),
        credentials: credentials(),
      }),
    ],
    [
      'whose times are text, as in PHP',
      () => ({
        credentials: credentials(),
        startTime: String(times().startTime),
        expiredTime: String(key.expiredTime),
      }),
    ],
    [
      'of the STS SDKs of Go and .NET',
      () => ({
        ...Times(),
        RequestId: 'r',
        Expiration: '2030-01-01T00:00:00Z',
        Credentials: { ...pascal(), Token: key.token },
      }),
    ],
    [
      'of the API of STS, handed on',
      () => ({
        Response: { Credentials: { ...pascal(), Token: key.token }, ExpiredTime: key.expiredTime },
      }),
    ],
    [
      'of getKeyAndCredentials',
      () => ({
        ...pascal(),
        ...Times(),
        SessionToken: key.token,
        Bucket: BUCKET,
        Region: REGION,
      }),
    ],
    ['wrapped in data', () => ({ data: { credentials: credentials(), ...times() } })],
    [
      'wrapped in code and data',
      () => ({
        code: 0,
        message: 'ok',
        data: { credentials: credentials(), ...times() },
      }),
    ],
    ['with names of cos-wx-sdk-v5', () => ({ ...pascal(), ...Times(), SecurityToken: key.token })],
    [
      'in snake case',
      () => ({
        tmp_secret_id: key.secretId,
        tmp_secret_key: key.secretKey,
        session_token: key.token,
        expired_time: key.expiredTime,
      }),
    ],
  ])('%s moves files', async (_whose, of) => {
    answer = of
    const { signRequest, signPostForm, userPrefix } = temporaryKeySigning(createSession())
    const prefix = await userPrefix()
    expect(prefix).toBe('uploads/')
    const { verified } = await putObject({ key: `${prefix}a`, ...file(), signRequest })
    expect(verified).toBe(true)
    await postObject({ key: `${prefix}b`, ...file('form'), signPostForm })
    await multipartUpload({ key: `${prefix}c`, ...file('part'), signRequest })
    const { size } = await downloadObject({ key: `${prefix}b`, signRequest })
    expect(size).toBe(4)
    expect(new Set(requests.map(({ path }) => path))).toEqual(new Set(['/sts']))
    expect(requests.every(({ token }) => token === undefined)).toBe(true)
  })

  test.each([
    ['tmpSecretId', { credentials: { tmpSecretKey: 'k', sessionToken: 't' }, expiredTime: 1 }],
    ['tmpSecretKey', { credentials: { tmpSecretId: 'i', sessionToken: 't' }, expiredTime: 1 }],
    ['sessionToken', { credentials: { tmpSecretId: 'i', tmpSecretKey: 'k' }, expiredTime: 1 }],
    ['sessionToken', { TmpSecretId: 'i', TmpSecretKey: 'k', Token: { a: 1 }, ExpiredTime: 1 }],
    ['expiredTime', { credentials: { tmpSecretId: 'i', tmpSecretKey: 'k', sessionToken: 't' } }],
    ['expiredTime', { TmpSecretId: 'i', TmpSecretKey: 'k', Token: 't', ExpiredTime: 'soon' }],
    ['SecretId', { ...KEY, TmpSecretId: 'AKID****' }],
    ['startTime', { ...KEY, StartTime: 1_700_000_000_000 }],
    ['Bucket', { ...KEY, bucket: 'examplebucket' }],
    ['Region', { ...KEY, region: 'COS_REGION' }],
    ['Protocol', { ...KEY, protocol: 'ftp' }],
    ['Domain', { ...KEY, host: 'a.example.com/path' }],
    ['tmpSecretId', {}],
    ['tmpSecretId', []],
    ['secretId not ready', { code: '-1', message: 'secretId not ready' }],
    ['请传入文件名', { error: '请传入文件名' }],
    ['AuthFailure', { Response: { Error: { Code: 'AuthFailure', Message: 'AuthFailure' } } }],
  ])('without %s is refused by that name', async (named, lacking) => {
    answer = () => lacking
    const { signRequest } = temporaryKeySigning(createSession())
    const error = await putObject({ key: 'a', ...file(), signRequest }).catch(asFailure)
    expect(error).toMatchObject({
      code: 'SERVER_REFUSED',
      errorMessage: expect.stringContaining(named),
    })
  })

  test.each(['bucket', 'region'] as const)('needs a %s from somewhere', async (name) => {
    config[name] = ''
    answer = () => ({ credentials: credentials(), ...times() })
    const { signRequest } = temporaryKeySigning(createSession())
    await expect(signRequest({ method: 'PUT', key: 'a' })).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      errorMessage: expect.stringContaining(name),
    })
  })

  test('is used with the time of COS, where the phone is wrong and the backend tells no time', async () => {
    answer = () => ({ credentials: credentials(), expiredTime: key.expiredTime })
    const now = () => Date.now() - 3600_000
    const { signRequest } = temporaryKeySigning(createSession(), now)
    await putObject({ key: 'a', ...file(), signRequest })
    await putObject({ key: 'b', ...file(), signRequest })
    expect(requests).toHaveLength(2)
  })
})

test('a login of its own has a token, and needs no prefix', async () => {
  config.paths.session = '/login'
  answer = (_body, path) =>
    path === '/login'
      ? { code: 0, data: { token: 'session' } }
      : {
          TmpSecretId: key.secretId,
          TmpSecretKey: key.secretKey,
          token: key.token,
          expiredTime: key.expiredTime,
        }
  const { userPrefix, signRequest } = temporaryKeySigning(createSession())
  expect(await userPrefix()).toBe('uploads/')
  await putObject({ key: 'uploads/a', ...file(), signRequest })
  expect(requests.map(({ path, token }) => [path, token])).toEqual([
    ['/login', undefined],
    ['/sts', 'Bearer session'],
  ])
  answer = () => ({ code: 0, data: {} })
  await expect(createSession().prefix()).rejects.toMatchObject({
    code: 'SERVER_REFUSED',
    errorMessage: 'no token',
  })
})

describe('an Authorization', () => {
  const host = () => new URL(env.stack.cloud).host
  /** As in the samples: the host is signed, and nothing else but what a transfer asks for. */
  const sign = (body: Record<string, unknown>) => ({
    authorization: COS.getAuthorization({
      SecretId: key.secretId,
      SecretKey: key.secretKey,
      Method: String(body.method),
      Key: String(body.key),
      Query: body.query as Record<string, string>,
      Headers: { host: host() },
    }),
    securityToken: key.token,
  })

  test.each<[string, typeof sign | ((body: Record<string, unknown>) => object)]>([
    ['alone', sign],
    ['in code and data', (body) => ({ code: 0, data: { cosKey: body.key, ...sign(body) } })],
    [
      'with XCosSecurityToken',
      (body) => ({
        Authorization: sign(body).authorization,
        XCosSecurityToken: key.token,
      }),
    ],
  ])('%s moves files', async (_how, of) => {
    answer = of
    const { signRequest } = serverSigning(createSession())
    const headers = { 'Cache-Control': 'max-age=60' }
    await putObject({ key: 'uploads/照片 1', ...file(), signRequest, headers })
    const { size } = await downloadObject({ key: 'uploads/照片 1', signRequest })
    expect(size).toBe(5)
    await multipartUpload({ key: 'uploads/c', ...file('part'), signRequest })
  })

  test('for another key than the one that was asked for is refused by it', async () => {
    answer = (body) => ({ ...sign({ ...body, key: 'file/1.png' }), cosKey: 'file/1.png' })
    const { signRequest } = serverSigning(createSession())
    await expect(signRequest({ method: 'PUT', key: 'a' })).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      errorMessage: expect.stringContaining('file/1.png'),
    })
  })

  test('for a key that the backend chooses moves a file, by the code of the document', async () => {
    const chosen = { cosKey: 'file/1.png', ...sign({ method: 'PUT', key: 'file/1.png' }) }
    answer = () => ({ code: 0, data: { ...place(), ...chosen } })
    const { putWhereTheBackendSays: upload } = await codeOfTheDocument()
    expect(await upload!(file().filePath, 'image/png')).toMatchObject({
      key: 'file/1.png',
      verified: true,
    })
    expect(requests.map(({ path }) => path)).toEqual(['/put-sign?ext=png'])
  })

  test('that the backend is asked for in a query moves a file, by the code of the document', async () => {
    answer = (_body, path) => {
      const query = new URL(path, 'http://backend').searchParams
      const [method, key] = [query.get('httpMethod'), query.get('cosKey')]
      if (query.get('host') !== host()) return { code: '-1', message: 'host is not empty' }
      return { code: 0, data: { ...place(), cosKey: key, ...sign({ method, key }) } }
    }
    const { signRequest } = await codeOfTheDocument()
    const sent = putObject({
      key: 'uploads/照片 1',
      ...file(),
      signRequest: signRequest as unknown as SignRequest,
    })
    expect(await sent).toMatchObject({ verified: true })
  })

  test.each([
    ['authorization', {}],
    ['authorization', { authorization: 'Basic abc' }],
    ['ext not allow', { code: '-1', message: 'ext not allow' }],
    ['expiresAt', { url: 'https://a/b', method: 'PUT', headers: {} }],
  ])('without %s is refused by that name', async (named, lacking) => {
    answer = () => lacking
    const { signRequest } = serverSigning(createSession())
    await expect(signRequest({ method: 'PUT', key: 'a' })).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      errorMessage: expect.stringContaining(named),
    })
  })
})

describe('a post-policy', () => {
  /** The steps of Tencent's sample, for the key that was asked for. */
  const policyFor = (body: Record<string, unknown>, ...more: unknown[]) => {
    const now = Math.round(Date.now() / 1000)
    const qKeyTime = `${now};${now + 900}`
    const policy = JSON.stringify({
      expiration: new Date((now + 900) * 1000).toISOString(),
      conditions: [
        ...more,
        { 'q-sign-algorithm': 'sha1' },
        { 'q-ak': key.secretId },
        { 'q-sign-time': qKeyTime },
        { bucket: BUCKET },
        { key: body.key },
      ],
    })
    const hmac = (secret: string, text: string) =>
      createHmac('sha1', secret).update(text).digest('hex')
    const digest = createHash('sha1').update(policy).digest('hex')
    return {
      cosKey: body.key,
      policy: Buffer.from(policy).toString('base64'),
      qSignAlgorithm: 'sha1',
      qAk: key.secretId,
      qKeyTime,
      qSignature: hmac(hmac(key.secretKey, qKeyTime), digest),
      securityToken: key.token,
    }
  }
  const send = (contentType: string) =>
    postObject({
      key: 'uploads/a.png',
      ...file(),
      contentType,
      signPostForm: serverSigning(createSession()).signPostForm,
    })

  test.each<[string, (body: Record<string, unknown>) => object]>([
    ['alone', policyFor],
    ['in code and data', (body) => ({ code: 0, data: policyFor(body) })],
    [
      'by the names of the form',
      (body) => {
        const { qAk, qKeyTime, qSignature, qSignAlgorithm, policy } = policyFor(body)
        return {
          policy,
          'q-ak': qAk,
          'q-key-time': qKeyTime,
          'q-signature': qSignature,
          'q-sign-algorithm': qSignAlgorithm,
          'x-cos-security-token': key.token,
        }
      },
    ],
    [
      'with a kind of Content-Type',
      (body) => policyFor(body, ['starts-with', '$Content-Type', 'image/']),
    ],
  ])('%s moves a file', async (_how, of) => {
    answer = (body) => of(body)
    expect(await send('image/png')).toMatchObject({ verified: true })
  })

  test('whose key the backend chooses moves a file, by the code of the document', async () => {
    answer = () => ({ code: 0, data: { ...place(), ...policyFor({ key: 'file/1.png' }) } })
    const { postWhereTheBackendSays: upload } = await codeOfTheDocument()
    expect(await upload!(file().filePath, 'image/png')).toMatchObject({
      key: 'file/1.png',
      verified: true,
    })
    expect(requests.map(({ path }) => path)).toEqual(['/post-policy?ext=png'])
  })

  test('with image/* means these seven characters, and allows no image', async () => {
    answer = (body) => policyFor(body, ['starts-with', '$Content-Type', 'image/*'])
    await expect(send('image/png')).rejects.toMatchObject({ code: 'FORM_REFUSED' })
  })

  test.each(['policy', 'qSignAlgorithm', 'qAk', 'qKeyTime', 'qSignature'])(
    'without %s is refused by that name',
    async (name) => {
      answer = (body) => ({ ...policyFor(body), [name]: undefined })
      await expect(send('image/png')).rejects.toMatchObject({
        code: 'SERVER_REFUSED',
        errorMessage: `no ${name}`,
      })
    },
  )
})
