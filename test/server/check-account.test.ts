import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { createLocalCloud } from '../../local-cloud/local-cloud'
import { checkAccount } from '../../server/check-account'
import { readConfig } from '../../server/config'
import { ApiError } from '../../server/errors'
import { closedPort } from '../helpers/closed-port'
import { tempDir } from '../helpers/temp-dir'
import { createFakeSts, refusal } from './fake-sts'

const HOUR = 60 * 60 * 1000
const data = tempDir()
let ahead = 0
const cloud = createLocalCloud({ data: data.path, port: 0, now: () => Date.now() + ahead })
let cloudUrl = ''

beforeAll(async () => {
  cloudUrl = (await cloud.start()).url
})
afterEach(() => {
  ahead = 0
})
afterAll(async () => {
  await cloud.stop()
  data.remove()
})

async function check(env: Record<string, string> = {}, options = {}) {
  const lines: string[] = []
  const config = readConfig({ STS_ENDPOINT: cloudUrl, ...env })
  const isWell = await checkAccount(config, (line) => lines.push(line), options)
  for (const secret of [config.secretKey, config.sessionSecret, 'q-signature', 'security-token']) {
    expect(lines.join('\n')).not.toContain(secret)
  }
  return { isWell, lines }
}

test('an account that works passes every step, and nothing stays behind', async () => {
  expect(await check()).toEqual({
    isWell: true,
    lines: [
      'ok    STS gives temporary keys',
      'ok    HEAD of the bucket examplebucket-1250000000',
      'ok    PUT with a temporary key',
      'ok    GET with a temporary key',
      'ok    DELETE of users/check/server-check.txt with the account',
    ],
  })
})

test('the test object has a type that is allowed', async () => {
  expect((await check({ UPLOAD_CONTENT_TYPES: 'image/*' })).isWell).toBe(true)
})

describe('explains', () => {
  /** The first failure and its fix; nothing that depends on it is tried. */
  const failure = async (env: Record<string, string>, options = {}) => {
    const { isWell, lines } = await check(env, options)
    expect(isWell).toBe(false)
    const at = lines.findIndex((line) => line.startsWith('FAIL'))
    return { what: lines[at], fix: lines[at + 1]?.trim(), later: lines.slice(at + 2) }
  }

  test.each<[string, Record<string, string>, what: RegExp, fix: RegExp]>([
    [
      'an unknown key',
      { TENCENT_SECRET_ID: 'x' },
      /SecretIdNotFound/,
      /TENCENT_SECRET_ID does not/,
    ],
    [
      'a wrong secret',
      { TENCENT_SECRET_KEY: 'x' },
      /SignatureFailure/,
      /TENCENT_SECRET_KEY is not/,
    ],
    [
      'the APPID of somebody else',
      { COS_BUCKET: 'examplebucket-1250000001' },
      /cant grant other resource/,
      /number that ends examplebucket-1250000001 must be the APPID/,
    ],
  ])('%s', async (_name, env, what, fix) => {
    expect(await failure(env)).toEqual({
      what: expect.stringMatching(what),
      fix: expect.stringMatching(fix),
      later: [],
    })
  })

  test('a wrong clock', async () => {
    ahead = HOUR
    const { what, fix } = await failure({})
    expect(what).toMatch(/SignatureExpire/)
    expect(fix).toMatch(/clock of this machine/)
  })

  test('a clock that is not quite right, which hinders nothing yet', async () => {
    const { isWell, lines } = await check({}, { now: () => Date.now() - 120_000 })
    expect(isWell).toBe(true)
    expect(lines).toContainEqual(
      expect.stringMatching(/^note .* differs from that of COS by -1\d\d/),
    )
  })

  test('a wrong region', async () => {
    const { what, fix } = await failure({ COS_REGION: 'ap-guangzhou' })
    expect(what).toMatch(/it is not in ap-guangzhou/)
    expect(fix).toBe('COS_REGION must be ap-beijing')
  })

  test('a wrong bucket, by what is denied in the one that answers', async () => {
    const { what, fix } = await failure({ COS_BUCKET: 'other-1250000000' })
    expect(what).toMatch(/^FAIL {2}PUT with a temporary key: 403 AccessDenied \(request id /)
    expect(fix).toMatch(/name\/cos:PutObject on users\/\*/)
  })

  test.each<[string, RegExp]>([
    ['UnauthorizedOperation', /sts:GetFederationToken/],
    ['AuthFailure.UnauthorizedOperation', /sts:GetFederationToken/],
    ['InvalidParameter.OverTimeError', /CREDENTIALS_SECONDS/],
    ['SomethingNew', /Look the code up/],
  ])('a refusal of STS: %s', async (code, expected) => {
    const sts = createFakeSts()
    sts.behave(refusal(code))
    const { what, fix } = await failure({ STS_ENDPOINT: await sts.start() })
    await sts.stop()
    expect(what).toContain(code)
    expect(fix).toMatch(expected)
  })

  test('an STS and a COS that cannot be reached', async () => {
    const nowhere = `127.0.0.1:${await closedPort()}`
    const sts = await failure({ STS_ENDPOINT: `http://${nowhere}` })
    expect(sts).toMatchObject({ what: expect.stringMatching(/no answer/), later: [] })
    const cos = await failure({ COS_DOMAIN: nowhere })
    expect(cos.what).toMatch(/HEAD of the bucket .*: no answer .*ECONNREFUSED/)
    expect(cos.fix).toMatch(/reachable/)
  })

  test('a bucket that does not exist, and an account that may not do enough', async () => {
    const missing = await withCos((_request, response) => response.writeHead(404).end())
    const { fix } = await failure({ COS_DOMAIN: missing.host })
    missing.stop()
    expect(fix).toMatch(/no such bucket .* COS_BUCKET and COS_REGION/)

    const denied = await withCos((_request, response) =>
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>'),
    )
    const { isWell, lines } = await check({ COS_DOMAIN: denied.host })
    denied.stop()
    expect(isWell).toBe(false)
    expect(lines).toContainEqual(expect.stringMatching(/^note {2}HEAD .*does not need it$/))
    expect(lines).toContainEqual(expect.stringMatching(/^FAIL {2}PUT/))
  })

  test.each([
    ['40013', /WX_APPID/],
    ['40125', /WX_SECRET/],
    ['40164', /IP allowlist/],
    [undefined, /reachable/],
  ])('a login at WeChat that fails with %s', async (detail, expected) => {
    const code2Session = () =>
      Promise.reject(new ApiError(502, 'WECHAT_FAILED', 'WeChat refused', { detail }))
    const { what, fix } = await failure({}, { code2Session })
    expect(what).toMatch(/^FAIL {2}WeChat/)
    expect(fix).toMatch(expected)
  })

  test('that WeChat knows the mini program, when it only minds the code', async () => {
    const code2Session = () => Promise.reject(new ApiError(401, 'UNAUTHENTICATED', 'used'))
    const { isWell, lines } = await check({}, { code2Session })
    expect([isWell, lines[0]]).toEqual([true, 'ok    WeChat knows WX_APPID and WX_SECRET'])
  })
})

/** Something that answers in place of COS. */
async function withCos(answer: RequestListener) {
  const server = createServer((request, response) => {
    request.resume()
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
