import { setTimeout as wait } from 'node:timers/promises'
import COS, { type SignedForm } from '../../miniprogram/cos/index'
import type { SigningKey } from '../../server/signing-key'
import { createSts } from '../../server/sts'
import { expectAnswer } from './expect-answer'
import { beginUpload } from './multipart-steps'
import { sendForm } from './server-steps'
import type { Step } from './step'
import { sign, type Answer, type Target } from './target'

/**
 * What the manual leaves open: the assumptions in README.md of `local-cloud/`, but for those that
 * `fetch` cannot send or that need another bucket. A step that fails tells how the real COS does it.
 */
export const assumptionSteps: Step[] = [
  { name: 'assumed: how a signed URL is read', run: signedUrls },
  { name: 'assumed: requests for objects', run: objects },
  { name: 'assumed: fields of a form', run: forms },
  { name: 'assumed: numbers and ETags of parts', run: parts },
  { name: 'assumed: policies of temporary keys', run: policies },
  { name: 'assumed: a temporary key that has ended', run: endedKey },
]

const CONTENT = Buffer.from('0123456789')
const PART = Buffer.alloc(1024 * 1024, 'a part ')
const TEXT = { 'Content-Type': 'text/plain' }

/** Seconds. */
const SHORT_LIFE = 1
const MAX_LIFE = 60

/** What is tried, the expected status with COS's code, and how. */
type Attempt = [what: string, expected: string, send: (what: string) => Promise<Answer>]

/** Makes all attempts before it fails: each answer of the real COS is worth having. */
async function tryAll(attempts: Attempt[]): Promise<void> {
  const failures: string[] = []
  for (const [what, expected, send] of attempts) {
    const [status = '', code] = expected.split(' ')
    try {
      expectAnswer(what, await send(what), Number(status), code)
    } catch (error) {
      failures.push((error as Error).message)
    }
  }
  if (failures.length > 0) throw new Error(failures.join('\n'))
}

async function signedUrls(target: Target): Promise<void> {
  const { account } = target
  const key = target.key('assumed url.txt')
  const urlOf = async (query: Record<string, string>, signer = account) =>
    (await sign(signer, { method: 'GET', key, query })).url
  const plain = `${account.Protocol}//${account.Domain}/${encodeURI(key)}`
  const authorization = COS.getAuthorization({
    ...account,
    Method: 'GET',
    Key: key,
    Headers: { Host: account.Domain },
  })
  const url = await urlOf({ 'response-cache-control': 'a b', flag: '' })
  const oddName = await urlOf({ 'a/b': '' })
  const early = await urlOf({}, { ...account, Clock: () => Date.now() + 5 * 60_000 })
  const get = (address: string, headers?: Record<string, string>) => (what: string) =>
    target.send(what, { url: address, method: 'GET', headers })

  const put = await sign(account, { method: 'PUT', key })
  expectAnswer('PUT', await target.send('PUT', put, CONTENT), 200)
  await tryAll([
    ['GET with + for a space of the key', '200', get(edited(url, 'assumed%20', 'assumed+'))],
    ['GET with + for a space of a value', '200', get(edited(url, 'a%20b', 'a+b'))],
    [
      'GET with a list out of order',
      '200',
      get(edited(url, /list=(flag)%3B([^&]+)/, 'list=$2%3B$1')),
    ],
    ['GET without a listed parameter', '200', get(edited(url, '&flag=', ''))],
    [
      'GET with a list encoded once',
      '403 SignatureDoesNotMatch',
      get(edited(oddName, '%252f', '%2f')),
    ],
    ['GET with q-ak twice', '400 InvalidArgument', get(`${url}&q-ak=another`)],
    ['GET with a sign that is none', '400 InvalidArgument', get(`${plain}?sign=nonsense`)],
    [
      'GET with a right header and a wrong URL',
      '200',
      get(edited(url, /q-ak=[^&]+/, 'q-ak=another'), { authorization }),
    ],
    ['GET that is signed 5 minutes ahead', '200', get(early)],
  ])
}

async function objects(target: Target): Promise<void> {
  const key = target.key('assumed object.txt')
  const ask =
    (
      method: 'GET' | 'PUT' | 'DELETE',
      headers: Record<string, string> = {},
      at = key,
      query = {},
    ) =>
    async (what: string) => {
      const signed = await sign(target.account, { method, key: at, headers, query })
      return target.send(what, signed, method === 'PUT' ? CONTENT : undefined)
    }
  const put = await ask('PUT')('PUT')
  expectAnswer('PUT', put, 200)
  const etag = put.headers.get('etag') ?? ''
  await tryAll([
    ['DELETE of a missing key', '204', ask('DELETE', {}, target.key('assumed missing.txt'))],
    [
      'PUT with an unknown storage class',
      '400 InvalidArgument',
      ask('PUT', { 'x-cos-storage-class': 'NONE' }),
    ],
    [
      'PUT that does not overwrite',
      '409 FileAlreadyExists',
      ask('PUT', { 'x-cos-forbid-overwrite': 'true' }),
    ],
    ['GET of two ranges', '416 InvalidRange', ask('GET', { Range: 'bytes=0-1,3-4' })],
    ['GET of the last two bytes', '206', ask('GET', { Range: 'bytes=-2' })],
    ['GET with both conditions', '304', ask('GET', { 'If-Match': etag, 'If-None-Match': etag })],
    ['GET with an empty versionId', '200', ask('GET', {}, key, { versionId: '' })],
  ])
}

async function forms(target: Target): Promise<void> {
  const key = target.key('assumed form.txt')
  const signed = await target.ask<SignedForm>('/post-form', { key, contentType: 'text/plain' })
  const post = (fields: Record<string, string>) => (what: string) =>
    sendForm(target, what, { ...signed, fields }, CONTENT)
  const { key: name = '', ...rest } = signed.fields
  await tryAll([
    ['POST of a field that the policy does not name', '204', post({ ...signed.fields, note: 'a' })],
    ['POST with the name of a field in capitals', '204', post({ ...rest, KEY: name })],
    ['POST without a key', '400 MalformedPOSTRequest', post(rest)],
  ])
}

async function parts(target: Target): Promise<void> {
  const upload = await beginUpload(target, 'assumed parts.bin')
  const two = await upload.put(2, PART)
  const three = await upload.put(3, CONTENT)
  const five = await upload.put(5, Buffer.alloc(0))
  const complete = (etags: Record<number, string>) => (what: string) => upload.complete(what, etags)
  const unquoted = (etag: string) => etag.replaceAll('"', '').toUpperCase()
  await tryAll([
    ['complete with a gap', '400 InvalidPart', complete({ 2: two, 3: three, 5: five })],
    ['complete from the second part on', '200', complete({ 2: unquoted(two), 3: unquoted(three) })],
    ['complete again', '404 NoSuchUpload', complete({ 2: two, 3: three })],
  ])
}

async function policies(target: Target): Promise<void> {
  const { bucket, region } = target.config
  const key = target.key('assumed policy.txt')
  const appId = bucket.slice(bucket.lastIndexOf('-') + 1)
  const place = `uid/${appId}:${bucket}/${key}`
  const allow = (more: object) => ({
    effect: 'allow',
    action: ['name/cos:PutObject'],
    resource: [`qcs::cos:${region}:${place}`],
    ...more,
  })
  const type = (operator: string, value: string | string[]) =>
    allow({ condition: { [operator]: { 'cos:content-type': value } } })
  const other = { action: ['name/ci:CreateJob'], resource: [`qcs::ci:${region}:${place}`] }
  const put =
    (...statement: object[]) =>
    async (what: string) => {
      const signer = await keyOf(target, statement)
      return target.send(what, await sign(signer, { method: 'PUT', key, headers: TEXT }), CONTENT)
    }
  await tryAll([
    ['an action without name/', '200', put(allow({ action: ['cos:PutObject'] }))],
    ['a resource without a region', '200', put(allow({ resource: [`qcs::cos::${place}`] }))],
    ['a principal', '200', put(allow({ principal: { qcs: ['*'] } }))],
    ['a resource of another service', '200', put(allow({}), allow(other))],
    ['string_like with * at both ends', '200', put(type('string_like', '*/pl*'))],
    ['an encoded value', '200', put(type('string_equal', 'text%2Fplain'))],
    [
      'two values, one of which may not be',
      '403 AccessDenied',
      put(type('string_not_equal', ['text/plain', 'text/html'])),
    ],
  ])
}

/** The time of the signature is not over: only the key has ended. */
async function endedKey(target: Target): Promise<void> {
  const key = target.key('assumed ended.txt')
  const { bucket, region } = target.config
  const resource = [`qcs::cos:${region}:uid/${bucket.split('-').at(-1)}:${bucket}/${key}`]
  const statement = { effect: 'allow', action: ['name/cos:GetObject'], resource }
  const signer = await keyOf(target, [statement], SHORT_LIFE)
  const life = (signer.ExpiredTime ?? 0) * 1000 - Date.now()
  if (life > MAX_LIFE * 1000) throw new Error(`STS grants ${Math.round(life / 1000)} s at least`)
  const { ExpiredTime: _, ...unlimited } = signer
  const signed = await sign(unlimited, { method: 'GET', key, expires: 600 })
  await wait(life + 2000)
  const answer = await target.send('GET with an ended key', signed)
  expectAnswer('GET with an ended key', answer, 400, 'ExpiredToken')
}

/** A temporary key of STS for a policy of these statements. */
async function keyOf(target: Target, statement: object[], seconds = 600): Promise<SigningKey> {
  const getTemporaryKey = createSts({ ...target.config, credentialsSeconds: seconds })
  const { credentials, expiredTime } = await getTemporaryKey(
    JSON.stringify({ version: '2.0', statement }),
  )
  return {
    ...target.account,
    SecretId: credentials.tmpSecretId,
    SecretKey: credentials.tmpSecretKey,
    SecurityToken: credentials.sessionToken,
    ExpiredTime: expiredTime,
  }
}

/** @throws Error where there is nothing to replace: the attempt would be another one */
function edited(url: string, from: string | RegExp, to: string): string {
  const result = url.replace(from, to)
  if (result === url) throw new Error(`the URL has no ${from}`)
  return result
}
