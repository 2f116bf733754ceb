import { beforeAll, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Pair } from '../../local-cloud/cos/request'
import { expectedSignature } from '../../local-cloud/cos/signature'
import fieldVectors from '../vectors/server-format-strings.json'
import manualVectors from '../vectors/manual.json'
import { BUCKET, REGION, startCloud, type TestCloud } from './cloud'
import {
  authorization,
  encode,
  hmac,
  presign,
  SECRET_ID,
  send,
  signatureFields,
  target,
  validTime,
  type SignInput,
} from './sign'

const HOST = `${BUCKET}.cos.${REGION}.myqcloud.com`
const PATH = '/目录/a b+c.txt'
const input: SignInput = { method: 'GET', path: PATH }

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
  await send(cloud.port, 'PUT', presign({ method: 'PUT', path: PATH }), { body: 'content' })
})

const get = (path: string, headers = {}) => send(cloud.port, 'GET', path, { headers })

/** Replaces the value of one field of a presigned target. */
const withField = (path: string, name: string, value: string) =>
  path.replace(new RegExp(`([?&]${name}=)[^&]*`), `$1${encode(value)}`)

describe('worked examples', () => {
  const message = new IncomingMessage(new Socket())

  interface RequestVector {
    id: string
    keyTime: string
    method: string
    pathDecoded: string
    params: Pair[]
    headers: Pair[]
    computed: Record<string, string>
  }
  const requests = manualVectors.vectors.filter(
    ({ kind }) => kind === 'request',
  ) as unknown as RequestVector[]

  test.each(requests)('$id', ({ keyTime, method, pathDecoded, params, headers, computed }) => {
    const request = {
      method,
      path: pathDecoded,
      key: pathDecoded.slice(1),
      query: params,
      headers,
      message,
    }
    const { headerList = '', urlParamList = '', signKey = '' } = computed
    const given = {
      secretId: '',
      signTime: keyTime,
      keyTime,
      headerList,
      urlParamList,
      signature: '',
    }
    const { httpString, stringToSign } = expectedSignature(
      request,
      given,
      'the key is not published',
    )
    expect({ httpString, stringToSign }).toEqual({
      httpString: computed['httpString'],
      stringToSign: computed['stringToSign'],
    })
    expect(hmac(signKey, stringToSign)).toBe(computed['signature'])
  })

  test('the signer of these tests agrees with them', () => {
    for (const { keyTime, method, pathDecoded, params, headers, computed } of requests) {
      const fields = Object.fromEntries(
        signatureFields({
          method,
          path: pathDecoded,
          query: params as [string, string][],
          headers: headers as [string, string][],
          time: keyTime,
        }),
      )
      expect([fields['q-header-list'], fields['q-url-param-list']]).toEqual([
        computed['headerList'],
        computed['urlParamList'],
      ])
    }
  })

  test.each(fieldVectors.vectors)('FormatString as real COS answered: $id', ({ formatString }) => {
    const [method = '', path = '', parameters = '', headers = ''] = formatString.split('\n')
    const pairs = (text: string): Pair[] =>
      text
        .split('&')
        .filter(Boolean)
        .map((pair) => {
          const [name = '', value = ''] = pair.split('=')
          return [name, decodeURIComponent(value)]
        })
    const list = (text: string) =>
      pairs(text)
        .map(([name]) => name)
        .join(';')
    const request = {
      method: method.toUpperCase(),
      path,
      key: path.slice(1),
      query: pairs(parameters),
      headers: pairs(headers),
      message,
    }
    const given = {
      secretId: '',
      signTime: '1;2',
      keyTime: '1;2',
      headerList: list(headers),
      urlParamList: list(parameters),
      signature: '',
    }
    expect(expectedSignature(request, given, 'x').httpString).toBe(formatString)
  })
})

describe('carriers', () => {
  test('flat q-* parameters', async () => {
    expect(await get(presign(input))).toMatchObject({ status: 200, text: 'content' })
  })

  test('the sign parameter', async () => {
    const path = target(PATH, [['sign', authorization(input)]])
    expect(await get(path)).toMatchObject({ status: 200, text: 'content' })
  })

  test('the Authorization header', async () => {
    const headers = { Authorization: authorization(input) }
    expect(await get(target(PATH), headers)).toMatchObject({ status: 200, text: 'content' })
  })

  test('times and lists may stay unencoded in a URL, as some SDKs leave them', async () => {
    expect((await get(presign(input).replaceAll('%3B', ';'))).status).toBe(200)
  })

  test('the host of the bucket, signed', async () => {
    const path = presign({ ...input, headers: [['Host', HOST]] })
    expect((await get(path, { Host: HOST })).status).toBe(200)
  })

  test('an absolute request target', async () => {
    expect((await get(`http://${HOST}${presign(input)}`, { Host: HOST })).status).toBe(200)
  })

  test('listed parameters with hard names, listed headers', async () => {
    const query: [string, string][] = [
      ['a/b', '1'],
      ['a-b', '2'],
      ['中文', '值 +&='],
      ['imageMogr2/thumbnail/200x/', ''],
      ['UPPER', 'X'],
    ]
    const headers = { Range: 'bytes=0-2', 'X-Cos-Meta-A': 'b c' }
    const path = presign({ ...input, query, headers: Object.entries(headers) })
    expect(await get(path, headers)).toMatchObject({ status: 206, text: 'con' })
  })

  test('what is not listed is not signed', async () => {
    const path = `${presign(input)}&foo=1&response-content-type=a%2Fb`
    expect((await get(path, { 'x-cos-meta-b': 'c' })).status).toBe(200)
  })
})

describe('a changed request is refused', () => {
  const full: SignInput = {
    ...input,
    query: [['response-content-type', 'text/plain']],
    headers: [['x-cos-meta-a', 'b']],
  }
  const headers = { 'x-cos-meta-a': 'b' }
  const mismatch = { status: 403, code: 'SignatureDoesNotMatch' }

  test('unchanged, it is accepted', async () => {
    expect((await get(presign(full), headers)).status).toBe(200)
  })

  test.each([
    ['method', () => send(cloud.port, 'DELETE', presign(full), { headers })],
    ['path', () => get(presign(full).replace('c.txt', 'd.txt'), headers)],
    ['parameter', () => get(presign(full).replace('text%2Fplain', 'text%2Fhtml'), headers)],
    ['missing parameter', () => get(presign(full).replace(/response[^&]*&/, ''), headers)],
    ['header', () => get(presign(full), { 'x-cos-meta-a': 'c' })],
    ['missing header', () => get(presign(full))],
    ['header list', () => get(withField(presign(full), 'q-header-list', ''), headers)],
    ['parameter list', () => get(withField(presign(full), 'q-url-param-list', ''), headers)],
    [
      'sign time',
      () => get(withField(presign(full), 'q-sign-time', validTime(Date.now() + 5000)), headers),
    ],
    [
      'key time',
      () => get(withField(presign(full), 'q-key-time', validTime(Date.now() + 5000)), headers),
    ],
    ['signature', () => get(withField(presign(full), 'q-signature', '0'.repeat(40)), headers)],
    ['short signature', () => get(withField(presign(full), 'q-signature', 'abc'), headers)],
    ['secret', () => get(presign({ ...full, secretKey: 'another' }), headers)],
  ])('%s', async (_, request) => {
    expect(await request()).toMatchObject(mismatch)
  })

  test('signed for another host', async () => {
    const path = presign({
      ...input,
      headers: [['host', 'other-1250000000.cos.ap-beijing.myqcloud.com']],
    })
    expect(await get(path, { Host: HOST })).toMatchObject(mismatch)
  })

  test('a raw + in the path, with the reason in the log', async () => {
    const path = presign(input).replace('%2B', '+')
    const answer = await get(path)
    expect(answer).toMatchObject(mismatch)
    expect(answer.text).toContain('<FormatString>get\n/目录/a b c.txt\n')
    expect(answer.text).toContain('<Resource>/目录/a b+c.txt</Resource>')
    await cloud.logged('send %2B')
  })

  test('a parameter list that is encoded once, with the reason in the log', async () => {
    const query: [string, string][] = [['imageMogr2/thumbnail/200x/', '']]
    const path = presign({ ...input, query })
    expect((await get(path)).status).toBe(200)
    expect(await get(path.replaceAll('%252f', '%2f'))).toMatchObject(mismatch)
    await cloud.logged('must be encoded once more')
  })

  test('the answer shows what the server signed', async () => {
    const answer = await send(cloud.port, 'HEAD', presign({ ...input, secretKey: 'another' }))
    expect([answer.status, answer.text]).toEqual([403, ''])
    const { text } = await get(
      presign({ ...full, secretKey: 'another', time: '1;9999999999' }),
      headers,
    )
    const format = 'get\n/目录/a b+c.txt\nresponse-content-type=text%2Fplain\nx-cos-meta-a=b\n'
    const digest = createHash('sha1').update(format).digest('hex')
    expect(text).toMatch(/^<\?xml version='1.0' encoding='utf-8' \?>\n<Error>\n/)
    expect(text).toContain(`<FormatString>${format.replaceAll('&', '&amp;')}</FormatString>`)
    expect(text).toContain(`<StringToSign>sha1\n1;9999999999\n${digest}\n</StringToSign>`)
    expect(text).toMatch(/<RequestId>.+<\/RequestId>\n\t<TraceId>.+<\/TraceId>\n<\/Error>/)
  })
})

describe('who and when', () => {
  const now = Math.floor(Date.now() / 1000)

  test('no signature', async () => {
    const answer = await get(target(PATH))
    expect(answer).toMatchObject({ status: 403, code: 'AccessDenied', message: 'Access Denied.' })
    expect(answer.text).toMatch(/<ServerTime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/ServerTime>/)
    expect(answer.text).not.toContain('StringToSign')
  })

  test('an unknown key id', async () => {
    expect(await get(presign({ ...input, secretId: 'someone' }))).toMatchObject({
      status: 403,
      code: 'InvalidAccessKeyId',
      message: 'The Access Key Id you provided does not exist in our records',
    })
  })

  test('expired', async () => {
    const answer = await get(presign({ ...input, time: `${now - 100};${now - 10}` }))
    expect(answer).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: 'Request has expired',
    })
  })

  test('not yet valid: up to a quarter of an hour is a clock, more is refused', async () => {
    const soon = await get(presign({ ...input, time: `${now + 800};${now + 2000}` }))
    expect(soon.status).toBe(200)
    const late = await get(presign({ ...input, time: `${now + 1000};${now + 2000}` }))
    expect(late).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' })
  })

  test('time is checked before the signature, the key before the time', async () => {
    const old = { ...input, secretKey: 'another', time: '1;2' }
    expect((await get(presign(old))).message).toBe('Request has expired')
    expect((await get(presign({ ...old, secretId: 'someone' }))).code).toBe('InvalidAccessKeyId')
  })

  test.each([
    ['no time', { time: '' }],
    ['one time', { time: '123' }],
    ['a time that is no number', { time: 'a;b' }],
  ])('%s', async (_, change) => {
    expect(await get(presign({ ...input, ...change }))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
    })
  })

  test.each([
    ['a missing field', presign(input).replace(/&q-key-time=[^&]*/, '')],
    ['a field given twice', `${presign(input)}&q-ak=${SECRET_ID}`],
    ['another algorithm', withField(presign(input), 'q-sign-algorithm', 'md5')],
  ])('%s', async (_, path) => {
    expect(await get(path)).toMatchObject({ status: 400, code: 'InvalidArgument' })
  })
})

test('a second value of a signed parameter or header cannot replace the first', async () => {
  const query: [string, string][] = [['response-content-type', 'image/png']]
  const path = presign({ method: 'GET', path: '/a', query })
  for (const second of [
    `${path}&response-content-type=text/html`,
    path.replace('?', '?response-content-type=&'),
  ]) {
    expect((await send(cloud.port, 'GET', second)).code).toBe('SignatureDoesNotMatch')
    await cloud.logged('more values of a signed name')
  }
  const headers = { 'Content-Type': ['image/png', 'text/html'] }
  const put = presign({ method: 'PUT', path: '/a' })
  expect(await send(cloud.port, 'PUT', put, { headers, body: 'x' })).toMatchObject({
    status: 400,
    message: 'The header content-type is given twice.',
  })
})

describe('hosts', () => {
  test.each([
    ['another bucket', `other-1250000000.cos.${REGION}.myqcloud.com`],
    ['another region', `${BUCKET}.cos.ap-shanghai.myqcloud.com`],
  ])('%s does not exist', async (_, Host) => {
    expect(await get(presign(input), { Host })).toMatchObject({ status: 404, code: 'NoSuchBucket' })
  })

  test('path style is refused', async () => {
    const answer = await get(presign(input), { Host: `cos.${REGION}.myqcloud.com` })
    expect(answer).toMatchObject({ status: 403, code: 'PathStyleDomainForbidden' })
  })
})

test('the log has no signature, key or token', () => {
  expect(cloud.log.length).toBeGreaterThan(10)
  expect(cloud.log).toContain(`PUT ${PATH} 200`)
  for (const line of cloud.log)
    expect(line).not.toMatch(/q-signature=|q-ak=|sign=|local-secret-key|\b[0-9a-f]{40}\b/)
})
