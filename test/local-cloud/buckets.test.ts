import { beforeAll, describe, expect, test } from '@jest/globals'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import { BUCKET, REGION, startCloud, type TestCloud } from './cloud'
import { presign, send, type SignInput } from './sign'
import { temporaryKey, type TemporaryKey } from './sts-client'

const OTHER = 'other-1250000000'
const hostOf = (bucket: string) => `${bucket}.cos.${REGION}.myqcloud.com`

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud({ buckets: [OTHER, 'third-1250000000'] })
})

const call = (
  method: string,
  Host: string | undefined,
  path: string,
  input: Partial<SignInput> = {},
  extra: [string, string][] = [],
) =>
  send(cloud.port, method, presign({ method, path, ...input }, extra), {
    headers: Host === undefined ? {} : { Host },
    ...(method === 'PUT' && { body: `of ${Host}` }),
  })

test('the same key in two buckets is two objects', async () => {
  await call('PUT', hostOf(BUCKET), '/key')
  await call('PUT', hostOf(OTHER), '/key')
  for (const bucket of [BUCKET, OTHER]) {
    expect((await call('GET', hostOf(bucket), '/key')).text).toBe(`of ${hostOf(bucket)}`)
  }
  await call('DELETE', hostOf(OTHER), '/key')
  expect((await call('GET', hostOf(OTHER), '/key')).code).toBe('NoSuchKey')
  // The plain address is the first bucket, as a custom domain is.
  expect((await call('GET', undefined, '/key')).text).toBe(`of ${hostOf(BUCKET)}`)
})

test('each has its own list and its own HEAD', async () => {
  await call('PUT', hostOf(OTHER), '/only-here')
  const { text } = await call('GET', hostOf(OTHER), '/')
  expect(text).toContain(`<Name>${OTHER}</Name>`)
  expect(text.match(/<Key>.*<\/Key>/g)).toEqual(['<Key>only-here</Key>'])
  for (const [bucket, status] of [
    [OTHER, 200],
    ['third-1250000000', 200],
    ['fourth-1250000000', 404],
  ] as const) {
    expect((await call('HEAD', hostOf(bucket), '/')).status).toBe(status)
  }
})

test.each([
  [hostOf(OTHER).toUpperCase(), OTHER],
  [`${OTHER}.cos-internal.${REGION}.tencentcos.cn`, OTHER],
  [`${OTHER}.cos.accelerate.myqcloud.com`, OTHER],
  ['files.example.com', BUCKET],
])('%s is %s', async (host, bucket) => {
  const { text } = await call('GET', host, '/')
  expect(text).toContain(`<Name>${bucket}</Name>`)
})

test.each([
  hostOf('no-appid'),
  hostOf(`a.${OTHER}`),
  hostOf('fourth-1250000000').toUpperCase(),
  `${OTHER}.cos.ap-shanghai.myqcloud.com`,
  'fourth-1250000000.cos.accelerate.myqcloud.com',
])('%s is no bucket', async (host) => {
  expect(await call('GET', host, '/')).toMatchObject({ status: 404, code: 'NoSuchBucket' })
})

test('a bucket that exists cannot be made again', async () => {
  for (const bucket of [BUCKET, OTHER]) {
    expect(await call('PUT', hostOf(bucket), '/')).toMatchObject({
      status: 409,
      code: 'BucketAlreadyOwnedByYou',
    })
  }
  expect((await send(cloud.port, 'PUT', '/', { body: '' })).code).toBe('AccessDenied')
})

test('a parameter that COS does not know is none; a setting is not implemented', async () => {
  const status = async (method: string, name: string) =>
    (await call(method, undefined, '/', { query: [[name, '1']] })).status
  expect([await status('GET', 'foo'), await status('HEAD', 'foo')]).toEqual([200, 200])
  for (const name of ['acl', 'cors', 'lifecycle', 'versioning', 'policy']) {
    expect([name, await status('GET', name)]).toEqual([name, 501])
  }
})

test('a form is no upload to the service', async () => {
  const headers = {
    Host: 'service.cos.myqcloud.com',
    'Content-Type': 'multipart/form-data; boundary=b',
  }
  const answer = await send(cloud.port, 'POST', '/', { headers, body: '--b--' })
  expect(answer).toMatchObject({ status: 405, code: 'MethodNotAllowed' })
})

test('a temporary key for one is none for another', async () => {
  const key = await temporaryKey(cloud.port, {
    effect: 'allow',
    action: '*',
    resource: `qcs::cos:${REGION}:uid/1250000000:${OTHER}/*`,
  })
  const token: [string, string][] = [['x-cos-security-token', key.token]]
  expect((await call('PUT', hostOf(OTHER), '/a', key, token)).status).toBe(200)
  expect(await call('PUT', hostOf(BUCKET), '/a', key, token)).toMatchObject({
    status: 403,
    code: 'AccessDenied',
  })
})

describe('List Buckets', () => {
  const names = (text: string) => [...text.matchAll(/<Name>(.*)<\/Name>/g)].map(([, name]) => name)

  test.each(['service.cos.myqcloud.com', `cos.${REGION}.myqcloud.com`])('at %s', async (Host) => {
    const { status, text } = await call('GET', Host, '/')
    expect(status).toBe(200)
    expect(names(text)).toEqual([BUCKET, OTHER, 'third-1250000000'])
    expect(text).toMatch(
      /<ListAllMyBucketsResult>\n\t<Owner>\n\t\t<ID>qcs::cam::uin\/1250000000:uin\/1250000000<\/ID>\n\t\t<DisplayName>1250000000<\/DisplayName>\n\t<\/Owner>\n\t<Buckets>\n\t\t<Bucket>\n\t\t\t<Name>examplebucket-1250000000<\/Name>\n\t\t\t<Location>ap-beijing<\/Location>\n\t\t\t<CreationDate>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/CreationDate>\n\t\t<\/Bucket>/,
    )
  })

  test('of another region there are none', async () => {
    expect(names((await call('GET', 'cos.ap-shanghai.myqcloud.com', '/')).text)).toEqual([])
    const query: [string, string][] = [['region', 'ap-shanghai']]
    const { text } = await call('GET', 'service.cos.myqcloud.com', '/', { query })
    expect(names(text)).toEqual([])
  })

  test('a filter that is not implemented, another method, an object', async () => {
    const Host = 'service.cos.myqcloud.com'
    const query: [string, string][] = [['tagkey', 'a']]
    expect((await call('GET', Host, '/', { query })).code).toBe('NotImplemented')
    expect((await call('PUT', Host, '/')).code).toBe('MethodNotAllowed')
    expect((await call('GET', `cos.${REGION}.myqcloud.com`, '/a')).code).toBe(
      'PathStyleDomainForbidden',
    )
  })

  test('needs a signature and, with a temporary key, the right to it', async () => {
    const Host = 'service.cos.myqcloud.com'
    expect((await send(cloud.port, 'GET', '/', { headers: { Host } })).code).toBe('AccessDenied')
    const statusAs = async (key: TemporaryKey) =>
      (await call('GET', Host, '/', key, [['x-cos-security-token', key.token]])).status
    const keyFor = (action: string, resource: string) =>
      temporaryKey(cloud.port, { effect: 'allow', action, resource })
    expect(await statusAs(await keyFor('name/cos:GetService', '*'))).toBe(200)
    expect(await statusAs(await keyFor('name/cos:GetBucket', '*'))).toBe(403)
    const oneBucket = `qcs::cos:${REGION}:uid/1250000000:${BUCKET}/*`
    expect(await statusAs(await keyFor('name/cos:GetService', oneBucket))).toBe(403)
  })
})

test.each([
  ['one of another account', ['other-1']],
  ['one without an account', ['other']],
  ['one twice', [OTHER, OTHER]],
  ['the first one again', [BUCKET]],
])('%s is a TypeError', (_, buckets) => {
  expect(() => createLocalCloud({ data: 'unused', buckets })).toThrow(/^buckets must/)
})
