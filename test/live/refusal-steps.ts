import { expectAnswer, expectEqual, expectRefusal } from './expect-answer'
import { temporaryKey } from './server-steps'
import type { Step } from './step'
import { sign, type Target } from './target'

const HOUR_MS = 3_600_000
const CONTENT = Buffer.from('refused')
const TEXT = { 'Content-Type': 'text/plain' }

/** What must not work. */
export const refusalSteps: Step[] = [
  { name: 'a signature whose time is over, or has not come', run: wrongTimes },
  { name: 'a request other than the signed one', run: changedRequests },
  { name: 'a key that is not right', run: wrongKeys },
  { name: 'a temporary key beyond its policy', run: beyondPolicy },
  { name: 'a temporary key without its token', run: wrongTokens },
  { name: 'conditions that do not hold', run: conditions },
  { name: 'what our server refuses', run: refusedByServer },
]

async function wrongTimes(target: Target): Promise<void> {
  const key = target.key('times.txt')
  const at = (ms: number) => ({ ...target.account, Clock: () => Date.now() + ms })
  const old = await sign(at(-HOUR_MS), { method: 'GET', key, expires: 60 })
  expectAnswer('expired', await target.send('GET, expired', old), 403, 'AccessDenied')
  const early = await sign(at(HOUR_MS), { method: 'GET', key })
  expectAnswer('an hour early', await target.send('GET, an hour early', early), 403)
}

async function changedRequests(target: Target): Promise<void> {
  const key = target.key('changed.txt')
  const headers = { 'Content-Type': 'text/plain' }
  const put = await sign(target.account, { method: 'PUT', key, headers })
  const query = { 'response-cache-control': 'no-cache' }
  const get = await sign(target.account, { method: 'GET', key, query })
  const elsewhere = { ...target.account, Domain: 'files.example.com' }
  const foreign = await sign(elsewhere, { method: 'GET', key })
  const url = foreign.url.replace('files.example.com', target.account.Domain)

  const requests = {
    'PUT with another Content-Type': { ...put, headers: { 'Content-Type': 'text/html' } },
    'PUT without the signed Content-Type': { ...put, headers: {} },
    'DELETE for a GET': { ...get, method: 'DELETE' as const },
    'PUT of another key': { ...put, url: put.url.replace('changed.txt', 'other.txt') },
    'GET with another parameter': { ...get, url: get.url.replace('=no-cache', '=no-store') },
    'GET signed for another host': { ...foreign, url },
  }
  for (const [what, request] of Object.entries(requests)) {
    const body = request.method === 'PUT' ? CONTENT : undefined
    const answer = await target.send(what, request, body)
    expectAnswer(what, answer, 403, 'SignatureDoesNotMatch')
  }
}

async function wrongKeys(target: Target): Promise<void> {
  const key = target.key('keys.txt')
  const { account } = target
  const unsigned = { url: `${account.Protocol}//${account.Domain}/${key}`, method: 'GET' as const }
  expectAnswer('unsigned', await target.send('GET, unsigned', unsigned), 403, 'AccessDenied')

  const wrongId = await sign({ ...account, SecretId: 'AKIDnobody' }, { method: 'GET', key })
  const unknown = await target.send('GET with an unknown id', wrongId)
  expectAnswer('with an unknown id', unknown, 403, 'InvalidAccessKeyId')

  const wrongSecret = await sign({ ...account, SecretKey: 'wrong' }, { method: 'GET', key })
  const mismatch = await target.send('GET with a wrong secret', wrongSecret)
  expectAnswer('with a wrong secret', mismatch, 403, 'SignatureDoesNotMatch')
}

async function beyondPolicy(target: Target): Promise<void> {
  const key = target.key('policy.txt')
  const upload = await temporaryKey(target, 'upload')
  const download = await temporaryKey(target, 'download')
  const put = await sign(upload, { method: 'PUT', key })
  const as = (type: string) => ({ ...put, headers: { 'Content-Type': type } })
  const tooMuch = Buffer.alloc(target.config.maxUploadBytes + 1)
  const other = 'users/somebody-else/a.txt'
  const query = { acl: '' }

  const requests = {
    'PUT outside of the prefix': [
      await sign(upload, { method: 'PUT', key: other, headers: TEXT }),
      CONTENT,
    ],
    'GET outside of the prefix': [await sign(download, { method: 'GET', key: other })],
    'PUT with a key for downloads': [
      await sign(download, { method: 'PUT', key, headers: TEXT }),
      CONTENT,
    ],
    'DELETE with a key for uploads': [await sign(upload, { method: 'DELETE', key })],
    'PUT of an ACL': [await sign(upload, { method: 'PUT', key, query, headers: TEXT }), CONTENT],
    'PUT that adds a public ACL': [
      { ...put, headers: { ...TEXT, 'x-cos-acl': 'public-read' } },
      CONTENT,
    ],
    'PUT without a type': [put, CONTENT],
    'PUT that adds text/html': [as('text/html'), CONTENT],
    'PUT that adds a list of types': [as('text/plain,text/html'), CONTENT],
    'PUT of too much': [as('text/plain'), tooMuch],
  } as const
  for (const [what, [request, body]] of Object.entries(requests)) {
    expectAnswer(what, await target.send(what, request, body), 403, 'AccessDenied')
  }
}

async function wrongTokens(target: Target): Promise<void> {
  const key = target.key('tokens.txt')
  const download = await temporaryKey(target, 'download')
  const without = { ...download, SecurityToken: undefined }
  const request = { method: 'GET', key } as const
  const noToken = await target.send('GET without the token', await sign(without, request))
  expectRefusal('without the token', noToken)

  const upload = await temporaryKey(target, 'upload')
  const other = { ...download, SecurityToken: upload.SecurityToken }
  const otherToken = await target.send('GET with another token', await sign(other, request))
  expectRefusal('with the token of another key', otherToken)

  const broken = { ...download, SecurityToken: 'nonsense' }
  const noSense = await target.send('GET with nonsense for a token', await sign(broken, request))
  expectRefusal('with nonsense for a token', noSense)
}

async function conditions(target: Target): Promise<void> {
  const key = target.key('conditions.txt')
  const ask = async (
    what: string,
    method: 'GET' | 'PUT',
    headers: Record<string, string> = {},
    body?: Buffer,
  ) => target.send(what, await sign(target.account, { method, key, headers }), body)

  expectAnswer('PUT', await ask('PUT', 'PUT', {}, CONTENT), 200)
  const beyond = await ask('GET of a range beyond the end', 'GET', { Range: 'bytes=100-' })
  expectAnswer('a range beyond the end', beyond, 416, 'InvalidRange')
  const unmet = await ask('GET if another ETag', 'GET', { 'If-Match': '"nonsense"' })
  expectAnswer('If-Match', unmet, 412, 'PreconditionFailed')

  const kept = { 'x-cos-forbid-overwrite': 'true' }
  expectAnswer('a second PUT', await ask('PUT that keeps', 'PUT', kept, CONTENT), 409)
  const md5 = { 'Content-MD5': Buffer.alloc(16).toString('base64') }
  const digest = await ask('PUT with a wrong MD5', 'PUT', md5, CONTENT)
  expectAnswer('a wrong MD5', digest, 400, 'BadDigest')
  const large = await ask('PUT with metadata over 2 KB', 'PUT', {
    'x-cos-meta-a': 'a'.repeat(2100),
  })
  expectAnswer('metadata over 2 KB', large, 400, 'KeyTooLong')
}

async function refusedByServer(target: Target): Promise<void> {
  const key = target.key('server.txt')
  const requests = {
    '403 KEY_NOT_ALLOWED': { path: '/presign', body: { method: 'PUT', key: 'users/other/a.txt' } },
    '403 OPERATION_NOT_ALLOWED': { path: '/presign', body: { method: 'DELETE', key } },
    '413 FILE_TOO_LARGE': { path: '/post-form', body: { key, maxBytes: 1e9 } },
  }
  for (const [expected, { path, body }] of Object.entries(requests)) {
    const message = await target.ask(path, body).then(
      () => 'nothing',
      (error: Error) => error.message,
    )
    expectEqual(expected, message.split(': ')[1], expected)
  }
}
