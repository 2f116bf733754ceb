import { request } from 'node:http'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { postForm, presignedUrl, type Credentials, type Method } from '../../miniprogram/cos/index'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { PURPOSES, type Purpose } from '../../server/policy'
import { expectTable } from '../helpers/docs-table'
import { tempDir } from '../helpers/temp-dir'
import { createClient } from './client'

/** What each action is allowed for; the rest of the table is refusals. */
const INTENDED: Record<string, Purpose | undefined> = {
  PutObject: 'upload',
  PostObject: 'upload',
  GetObject: 'download',
  HeadObject: 'download',
  DeleteObject: undefined,
  InitiateMultipartUpload: 'multipart',
  UploadPart: 'multipart',
  ListParts: 'multipart',
  CompleteMultipartUpload: 'multipart',
  AbortMultipartUpload: 'multipart',
  ListMultipartUploads: undefined,
  GetBucket: undefined,
}

const BUCKET = 'examplebucket-1250000000'
const OTHER_BUCKET = 'otherbucket-1250000000'
const PERMANENT = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key' }

interface Target {
  bucket: string
  key: string
}

/** Scope of the key × what it is tried on. */
const TRIES = {
  'one object': ['own', 'beside', 'foreign', 'elsewhere'],
  prefix: ['own', 'beside', 'foreign', 'elsewhere'],
} as const
type Scope = keyof typeof TRIES
type TargetName = (typeof TRIES)[Scope][number]

const data = tempDir()
const cloud = createLocalCloud({ data: data.path, port: 0, buckets: [OTHER_BUCKET] })
let app: ReturnType<typeof createApp>
let port = 0
let targets: Record<TargetName, Target>
let keyFor: (purpose: Purpose, scope: Scope) => Promise<Credentials>
/** The action, the scope and the target of everything that was allowed, by purpose. */
const allowed = new Map<string, Set<Purpose>>()

beforeAll(async () => {
  const { url, port: cloudPort } = await cloud.start()
  port = cloudPort
  app = createApp(readConfig({ STS_ENDPOINT: url }))
  const client = await createClient(app)
  const { prefix, authorization } = await client.login()
  targets = {
    own: { bucket: BUCKET, key: `${prefix}own.txt` },
    beside: { bucket: BUCKET, key: `${prefix}beside.txt` },
    foreign: { bucket: BUCKET, key: `users/${'0'.repeat(32)}/own.txt` },
    elsewhere: { bucket: OTHER_BUCKET, key: `${prefix}own.txt` },
  }
  keyFor = async (purpose, scope) => {
    const key = scope === 'one object' ? targets.own.key : undefined
    const { body } = await client.post('/credentials', { purpose, key }, authorization)
    const { tmpSecretId, tmpSecretKey, sessionToken } = body.credentials
    return { SecretId: tmpSecretId, SecretKey: tmpSecretKey, SecurityToken: sessionToken }
  }
})
afterAll(async () => {
  await app.close()
  await cloud.stop()
  data.remove()
})

function where({ bucket }: Target) {
  const Domain = `${bucket}.cos.ap-beijing.myqcloud.com`
  return { Bucket: bucket, Region: 'ap-beijing', Domain, Protocol: 'http:' }
}

/** Sends to the local cloud what is addressed to a bucket of COS. */
async function send(url: string, method: string, body?: Buffer, type = 'text/plain') {
  const { host, pathname, search } = new URL(url)
  const sent = request({ port, method, path: pathname + search, headers: { host }, agent: false })
  if (method === 'POST' || method === 'PUT') sent.setHeader('content-type', type)
  const answer = new Promise<{ status: number; body: string; etag: string }>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', (response) => {
      const { statusCode: status = 0, headers } = response
      text(response).then((body) => resolve({ status, body, etag: headers.etag ?? '' }), reject)
    })
  })
  sent.end(body)
  return answer
}

type Query = Record<string, string>

function call(by: Credentials, target: Target, Method: Method, Query: Query = {}, body?: string) {
  const url = presignedUrl(by, { ...where(target), Key: target.key, Method, Query })
  return send(url, Method, body === undefined ? undefined : Buffer.from(body))
}

/** With the permanent key: an upload with one part. */
async function beginUpload(target: Target): Promise<{ uploadId: string; parts: string }> {
  const { body } = await call(PERMANENT, target, 'POST', { uploads: '' })
  const uploadId = /<UploadId>([^<]+)</.exec(body)?.[1] ?? ''
  const { etag } = await call(PERMANENT, target, 'PUT', { partNumber: '1', uploadId }, 'part')
  const part = `<Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part>`
  return { uploadId, parts: `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>` }
}

async function postObject(by: Credentials, target: Target) {
  const { Url, Fields } = postForm({
    ...by,
    ...where(target),
    Key: target.key,
    ContentType: 'text/plain',
  })
  const form = new FormData()
  for (const [name, value] of Object.entries(Fields)) form.append(name, value)
  form.append('file', new Blob(['hello']), 'own.txt')
  const encoded = new Response(form)
  const type = encoded.headers.get('content-type') ?? ''
  return send(Url, 'POST', Buffer.from(await encoded.arrayBuffer()), type)
}

/** Each action on a target where nothing but its right can be missing. */
async function attempt(action: string, by: Credentials, target: Target): Promise<number> {
  await call(PERMANENT, target, 'PUT', {}, 'content')
  const withUpload = async (
    method: Method,
    query: Query = {},
    body?: (parts: string) => string,
  ) => {
    const { uploadId, parts } = await beginUpload(target)
    return call(by, target, method, { ...query, uploadId }, body?.(parts))
  }
  const bucket = { ...target, key: '' }
  const prefix = { prefix: target.key }
  const calls: Record<string, () => Promise<{ status: number }>> = {
    PutObject: () => call(by, target, 'PUT', {}, 'hello'),
    PostObject: () => postObject(by, target),
    GetObject: () => call(by, target, 'GET'),
    HeadObject: () => call(by, target, 'HEAD'),
    DeleteObject: () => call(by, target, 'DELETE'),
    InitiateMultipartUpload: () => call(by, target, 'POST', { uploads: '' }),
    UploadPart: () => withUpload('PUT', { partNumber: '1' }, () => 'hello'),
    ListParts: () => withUpload('GET'),
    CompleteMultipartUpload: () => withUpload('POST', {}, (parts) => parts),
    AbortMultipartUpload: () => withUpload('DELETE'),
    ListMultipartUploads: () => call(by, bucket, 'GET', { uploads: '', ...prefix }),
    GetBucket: () => call(by, bucket, 'GET', prefix),
  }
  const { status } = await calls[action]!()
  return status
}

test.each(Object.keys(INTENDED))('%s', async (action) => {
  for (const [scope, names] of Object.entries(TRIES) as [Scope, readonly TargetName[]][]) {
    for (const name of names) {
      const purposes = new Set<Purpose>()
      for (const purpose of PURPOSES) {
        const status = await attempt(action, await keyFor(purpose, scope), targets[name])
        expect([200, 204, 403]).toContain(status)
        if (status !== 403) purposes.add(purpose)
      }
      const isInScope = name === 'own' || (name === 'beside' && scope === 'prefix')
      const intended = isInScope ? INTENDED[action] : undefined
      expect({ scope, name, purposes }).toEqual({
        scope,
        name,
        purposes: new Set(intended ? [intended] : []),
      })
      allowed.set(`${action} ${scope} ${name}`, purposes)
    }
  }
})

test.each(Object.keys(INTENDED))('%s can be done at all: the permanent key may', async (action) => {
  for (const target of Object.values(targets)) {
    expect([200, 204]).toContain(await attempt(action, PERMANENT, target))
  }
})

/** Columns of the table in the README, and the tries that each stands for. */
const COLUMNS: [title: string, tries: [Scope, TargetName][]][] = [
  ['with a key for one object: that object', [['one object', 'own']]],
  ['another object of the user', [['one object', 'beside']]],
  [
    'with a key for the prefix: any object of the user',
    [
      ['prefix', 'own'],
      ['prefix', 'beside'],
    ],
  ],
  [
    "with any key: another user's object",
    [
      ['one object', 'foreign'],
      ['prefix', 'foreign'],
    ],
  ],
  [
    'another bucket',
    [
      ['one object', 'elsewhere'],
      ['prefix', 'elsewhere'],
    ],
  ],
]

test('the table in server/README.md is what was found', () => {
  const rows = Object.keys(INTENDED).map((action) => [
    `\`${action}\``,
    ...COLUMNS.map(([, tries]) => {
      const found = tries.flatMap(([scope, name]) => [
        ...(allowed.get(`${action} ${scope} ${name}`) ?? ['not tried']),
      ])
      return [...new Set(found)].map((purpose) => `\`${purpose}\``).join(' ') || '–'
    }),
  ])
  const titles = ['action', ...COLUMNS.map(([title]) => title)]
  expectTable('server/README.md', 'test/server/permissions', [titles, ...rows])
})
