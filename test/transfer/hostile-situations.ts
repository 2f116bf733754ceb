import { createHash } from 'node:crypto'
import type { FailureCode } from '../../miniprogram/transfer/failure'
import type { NodeWx } from '../helpers/node-wx'
import type { Answer, Attack, CosRequest, Reply } from './hostile-cos'

export const WAYS = ['PUT', 'POST form', 'multipart', 'download'] as const
export type Way = (typeof WAYS)[number]

/** A success whose bytes are compared or not, or a failure. */
export type Outcome = 'verified' | 'not verified' | FailureCode

export interface Situation {
  name: string
  outcomes: Partial<Record<Way, Outcome>>
  attack?: Attack
  /** What is attacked. Default: the request with the bytes. */
  on?: Operation | 'all'
  /** So many requests are attacked. Default: all. */
  times?: number
  /** What the phone does, before the transfer starts. */
  phone?: (wx: NodeWx) => void
  /** What a signer makes of the right answer. */
  signer?: (signed: object) => unknown
  /** Our own server signs, and answers this to the requests for these paths. */
  server?: Record<string, Answer>
  /** An unfinished upload with its first part is in the storage as this makes it. */
  stored?: (entry: Record<string, unknown>) => unknown
  /** The person cancels as soon as the attack has begun. */
  isCancelled?: boolean
}

/** COS's name of a request. */
export type Operation = ReturnType<typeof operationOf>

export function operationOf({ method, url }: Pick<CosRequest, 'method' | 'url'>) {
  const { searchParams } = new URL(url, 'http://cos')
  if (searchParams.has('uploads')) return 'InitiateMultipartUpload'
  const isPart = searchParams.has('uploadId')
  if (method === 'PUT') return isPart ? 'UploadPart' : 'PutObject'
  if (method === 'GET') return isPart ? 'ListParts' : 'GetObject'
  if (method === 'POST') return isPart ? 'CompleteMultipartUpload' : 'PostObject'
  return method === 'HEAD' ? 'HeadObject' : 'AbortMultipartUpload'
}

/** Answers in place of COS. */
const reply = (status: number, body = '', headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-length': String(Buffer.byteLength(body)), ...headers },
  body: Buffer.from(body),
})
const says =
  (answer: Answer): Attack =>
  () =>
    answer
/** Alters what COS answers. */
const alters =
  (alter: (reply: Reply) => Partial<Reply>): Attack =>
  async (request, forward) => {
    const answer = await forward(request)
    return { ...answer, ...alter(answer) }
  }
/** Alters headers of COS's answer; undefined removes one. */
const headers = (changes: Record<string, string | undefined>): Attack =>
  alters(({ headers: right }) => ({ headers: without({ ...right, ...changes }) }))
/** Sends another body with COS's headers. */
const body = (text: string | ((right: string) => string)): Attack =>
  alters((right) => {
    const sent = Buffer.from(typeof text === 'string' ? text : text(right.body.toString()))
    return {
      body: sent,
      headers: { ...right.headers, 'content-length': String(sent.length) },
    }
  })
/** COS does what it is asked to, and the answer is lost. */
const loses = async (...[request, forward]: Parameters<Attack>): Promise<Answer> => {
  await forward(request)
  return 'drop' as const
}

function without(entries: Record<string, string | undefined>): Record<string, string> {
  const kept = Object.entries(entries).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as Record<string, string>
}

/** One bit in the middle, which is in the file also where a form is around it. */
export function flipBit(bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes)
  const middle = flipped.length >> 1
  flipped[middle] = (flipped[middle] ?? 0) ^ 4
  return flipped
}

const cosError = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`
const PORTAL = '<!DOCTYPE html><html><title>Welcome</title><a href="/login">Log in</a></html>'
const FROM_COS = { 'x-cos-request-id': 'NTg3' }

/** Shows ETags that are no MD5, as COS does for objects with server-side encryption, and takes them. */
function encrypts(): Attack {
  const shown = new Map<string, string>()
  return async (request, forward): Promise<Reply> => {
    let sent = request.body.toString('latin1')
    for (const [etag, right] of shown) sent = sent.replace(etag, right)
    const answer = await forward({ ...request, body: Buffer.from(sent, 'latin1') })
    const right = answer.headers['etag']
    if (!right) return answer
    const etag = `"${createHash('md5').update(right).digest('hex')}"`
    shown.set(etag, right)
    const marked = { ...answer.headers, etag, 'x-cos-server-side-encryption': 'AES256' }
    return { ...answer, headers: marked }
  }
}

const MB = 2 ** 20
const list = (parts: string, next?: number) =>
  `<ListPartsResult>${parts}<IsTruncated>${next !== undefined}</IsTruncated>` +
  `<NextPartNumberMarker>${next ?? ''}</NextPartNumberMarker></ListPartsResult>`
const part = (number: number, size = MB, etag = '"e"') =>
  `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag><Size>${size}</Size></Part>`
const pageAfter = ({ url }: CosRequest) =>
  Number(new URL(url, 'http://cos').searchParams.get('part-number-marker'))

type Manager = ReturnType<NodeWx['getFileSystemManager']>

/** Replaces a function of the phone's files. */
function replace<Name extends keyof Manager>(
  name: Name,
  by: (original: Manager[Name], option: never, wx: NodeWx) => unknown,
) {
  return (wx: NodeWx) => {
    const files = wx.getFileSystemManager()
    const original = files[name]
    files[name] = ((option: never) => by(original, option, wx)) as Manager[Name]
  }
}

/** The ways in which wx.read may be wrong, as functions of what is asked for. */
const reads = (
  wrong: (
    read: Manager['read'],
    option: WechatMiniprogram.ReadOption & {
      success(result: { bytesRead: number; arrayBuffer: ArrayBuffer }): void
    },
  ) => void,
) => replace('read', wrong as never)

const withoutDigests = replace('getFileInfo', (original, option: never) => {
  const { filePath, success, fail } = option as WechatMiniprogram.GetFileInfoOption
  return original({
    filePath,
    success: ({ size, errMsg }) => success?.({ size, errMsg } as never),
    ...(fail && { fail }),
  })
})

const rewritesFile = replace('getFileInfo', (original, option: never, wx) => {
  const { filePath, digestAlgorithm, success } = option as WechatMiniprogram.GetFileInfoOption
  if (!digestAlgorithm || filePath.startsWith(wx.env.USER_DATA_PATH)) return original(option)
  return original({
    filePath,
    digestAlgorithm,
    success(result) {
      const data = new Uint8Array(result.size).fill(7).buffer
      wx.getFileSystemManager().writeFile({ filePath, data, success: () => success?.(result) })
    },
  })
})

const hidesHeaders = (wx: NodeWx) => {
  const { uploadFile } = wx
  wx.uploadFile = (option) => ({ ...uploadFile(option), onHeadersReceived: () => {} }) as never
}

const session = reply(
  200,
  JSON.stringify({ token: 't', expiresAt: 2e9, serverTime: Date.now() / 1000, prefix: 'users/1/' }),
  { 'content-type': 'application/json' },
)

const all = (outcome: Outcome) => Object.fromEntries(WAYS.map((way) => [way, outcome]))
const uploads = (outcome: Outcome) => ({ ...all(outcome), download: undefined })
const MULTIPART = (outcome: Outcome) => ({ multipart: outcome })
const DOWNLOAD = (outcome: Outcome) => ({ download: outcome })

const RIGHT: Situation[] = [
  { name: 'COS answers as its manual says', outcomes: all('verified') },
  {
    name: 'Names of headers in capitals',
    attack: alters((right) => ({
      headers: Object.fromEntries(
        Object.entries(right.headers).map(([name, value]) => [name.toUpperCase(), value]),
      ),
    })),
    outcomes: all('verified'),
  },
  {
    name: 'ETag in capitals and without quotes',
    attack: alters(({ headers: right }) => ({
      headers: { ...right, etag: (right['etag'] ?? '').replace(/"/g, '').toUpperCase() },
    })),
    outcomes: all('verified'),
  },
  {
    name: 'ETag of an object with server-side encryption: 32 hex digits, no MD5',
    attack: encrypts(),
    on: 'all',
    outcomes: {
      PUT: 'verified',
      'POST form': 'not verified',
      multipart: 'verified',
      download: 'not verified',
    },
  },
  {
    name: 'ETag of an object that was uploaded in parts',
    attack: headers({ etag: `"${'5'.repeat(32)}-3"` }),
    outcomes: DOWNLOAD('not verified'),
  },
  {
    name: 'No request ID, the right ETag',
    attack: headers({ 'x-cos-request-id': undefined }),
    outcomes: all('verified'),
  },
  {
    name: 'No Content-Length: the body comes in chunks',
    attack: headers({ 'content-length': undefined }),
    outcomes: all('verified'),
  },
  { name: 'The first answer is lost', attack: loses, times: 1, outcomes: MULTIPART('verified') },
]

const CONNECTION: Situation[] = [
  {
    name: 'No answer until the timeout',
    attack: says('hang'),
    outcomes: all('TIMEOUT'),
  },
  {
    name: 'No answer, and the person cancels',
    attack: says('hang'),
    isCancelled: true,
    outcomes: all('CANCELLED'),
  },
  {
    name: 'The answer begins and never ends',
    attack: says({ ...reply(200, PORTAL), halfway: 'hang' }),
    outcomes: all('TIMEOUT'),
  },
  {
    name: 'The answer begins and never ends, and the person cancels',
    attack: says({ ...reply(200, PORTAL), halfway: 'hang' }),
    isCancelled: true,
    outcomes: all('CANCELLED'),
  },
  { name: 'The connection is closed', attack: says('drop'), outcomes: all('NETWORK') },
  {
    name: 'The answer is cut in the middle',
    attack: says({ ...reply(200, PORTAL), halfway: 'cut' }),
    outcomes: all('NETWORK'),
  },
  {
    name: 'The answer is not HTTP',
    attack: says({ raw: 'SSH-2.0-OpenSSH_9.6\r\n' }),
    outcomes: all('NETWORK'),
  },
]

const NOT_COS: Situation[] = [
  {
    name: '200 with a page of a portal',
    attack: says(reply(200, PORTAL, { 'content-type': 'text/html' })),
    outcomes: { ...all('NOT_FROM_COS'), 'POST form': 'UNEXPECTED_STATUS' },
  },
  {
    name: '200 with nothing',
    attack: says(reply(200)),
    outcomes: { ...all('NOT_FROM_COS'), 'POST form': 'UNEXPECTED_STATUS' },
  },
  {
    name: '204 with nothing, from a portal',
    attack: says({ status: 204, headers: {}, body: Buffer.alloc(0) }),
    outcomes: { ...all('UNEXPECTED_STATUS'), 'POST form': 'NOT_FROM_COS' },
  },
  {
    name: '206 with a part of the answer',
    attack: alters(() => ({ status: 206 })),
    outcomes: all('UNEXPECTED_STATUS'),
  },
  {
    name: '302 to the login of a portal',
    attack: says(reply(302, '', { location: 'http://127.0.0.1/login' })),
    outcomes: all('UNEXPECTED_STATUS'),
  },
  {
    name: '307 to another host',
    attack: says(reply(307, '', { location: 'http://127.0.0.1/elsewhere' })),
    outcomes: all('UNEXPECTED_STATUS'),
  },
  {
    name: '403 with a page of a firewall',
    attack: says(reply(403, PORTAL)),
    outcomes: all('UNEXPECTED_STATUS'),
  },
  {
    name: '404 with a page of a proxy',
    attack: says(reply(404, PORTAL)),
    outcomes: all('UNEXPECTED_STATUS'),
  },
  {
    name: '502 with a page of a proxy',
    attack: says(reply(502, PORTAL)),
    outcomes: all('COS_UNAVAILABLE'),
  },
  {
    name: 'JSON of another service with 200',
    attack: says(reply(200, '{"ok":true}', { 'content-type': 'application/json' })),
    outcomes: { ...all('NOT_FROM_COS'), 'POST form': 'UNEXPECTED_STATUS' },
  },
]

const WRONG_ANSWERS: Situation[] = [
  {
    name: '200 with `<Error>`',
    attack: says(reply(200, cosError('InternalError'), FROM_COS)),
    outcomes: all('COS_UNAVAILABLE'),
  },
  {
    name: '200 with `<Error>` and the right ETag',
    attack: body(cosError('AccessDenied')),
    outcomes: { PUT: 'ACCESS_DENIED', multipart: 'ACCESS_DENIED', download: 'NOT_VERIFIED' },
  },
  {
    name: 'No ETag',
    attack: headers({ etag: undefined }),
    outcomes: { ...uploads('NOT_FROM_COS'), download: 'not verified' },
  },
  {
    name: 'Neither ETag nor request ID',
    attack: headers({ etag: undefined, 'x-cos-request-id': undefined }),
    outcomes: all('NOT_FROM_COS'),
  },
  {
    name: 'ETag of other bytes',
    attack: headers({ etag: `"${'0'.repeat(32)}"` }),
    // ListParts shows the right ETag of a part.
    outcomes: { ...all('NOT_VERIFIED'), multipart: 'verified' },
  },
  {
    name: 'ETag of other bytes, also in the list of parts',
    on: 'all',
    attack: async (request, forward) => {
      const answer = await forward(request)
      if (answer.headers['etag']) answer.headers['etag'] = `"${'0'.repeat(32)}"`
      return operationOf(request) === 'ListParts'
        ? reply(200, list(part(pageAfter(request) + 1, MB, `"${'0'.repeat(32)}"`)), FROM_COS)
        : answer
    },
    outcomes: MULTIPART('NOT_VERIFIED'),
  },
]

const DAMAGED_BYTES: Situation[] = [
  {
    name: 'A bit flips on the way to COS',
    attack: (request, forward) => forward({ ...request, body: flipBit(request.body) }),
    outcomes: uploads('NOT_VERIFIED'),
  },
  {
    name: 'A bit flips on the way to COS, once',
    attack: (request, forward) => forward({ ...request, body: flipBit(request.body) }),
    times: 1,
    outcomes: MULTIPART('verified'),
  },
  {
    name: 'A bit flips on the way back',
    attack: alters((right) => ({ body: flipBit(right.body) })),
    outcomes: DOWNLOAD('NOT_VERIFIED'),
  },
  {
    name: 'A proxy drops Content-MD5 and flips a bit',
    attack: ({ headers: sent, ...request }, forward) => {
      const { 'content-md5': _, ...others } = sent
      return forward({ ...request, headers: others, body: flipBit(request.body) })
    },
    outcomes: { PUT: 'SIGNATURE_MISMATCH', multipart: 'SIGNATURE_MISMATCH' },
  },
  {
    name: 'The file ends early, with its Content-Length',
    attack: alters((right) => {
      const cut = right.body.subarray(0, -1)
      return { body: cut, headers: { ...right.headers, 'content-length': String(cut.length) } }
    }),
    outcomes: DOWNLOAD('NOT_VERIFIED'),
  },
  {
    name: 'The file ends early, without a Content-Length',
    attack: alters((right) => ({
      body: right.body.subarray(0, -1),
      headers: without({ ...right.headers, 'content-length': undefined }),
    })),
    outcomes: DOWNLOAD('NOT_VERIFIED'),
  },
  {
    name: 'The file is shorter than its Content-Length',
    attack: alters((right) => ({ body: right.body, halfway: 'cut' as const })),
    outcomes: DOWNLOAD('NETWORK'),
  },
  {
    name: 'The file is longer than its Content-Length',
    attack: alters((right) => ({
      headers: { ...right.headers, 'content-length': String(right.body.length - 1) },
    })),
    outcomes: DOWNLOAD('NOT_VERIFIED'),
  },
  {
    name: 'An empty file',
    attack: body(''),
    outcomes: DOWNLOAD('NOT_VERIFIED'),
  },
  {
    name: 'A Content-Length above the limit of wx.downloadFile',
    attack: headers({ 'content-length': String(300 * 2 ** 20) }),
    outcomes: DOWNLOAD('FILE_TOO_LARGE'),
  },
]

const INITIATE = 'InitiateMultipartUpload'
const COMPLETE = 'CompleteMultipartUpload'

const completes = (name: string, attack: Attack, outcome: Outcome, times?: number): Situation => ({
  name: `Complete: ${name}`,
  on: COMPLETE,
  attack,
  ...(times && { times }),
  outcomes: MULTIPART(outcome),
})
const initiates = (name: string, attack: Attack, outcome: Outcome): Situation => ({
  name: `Initiate: ${name}`,
  on: INITIATE,
  attack,
  outcomes: MULTIPART(outcome),
})
const lists = (name: string, attack: Attack, outcome: Outcome): Situation => ({
  name: `ListParts, to resume: ${name}`,
  on: 'ListParts',
  attack,
  stored: (entry) => entry,
  outcomes: MULTIPART(outcome),
})
const resumes = (
  name: string,
  stored: (entry: Record<string, unknown>) => unknown,
  outcome: Outcome = 'verified',
): Situation => ({
  name: `Stored entry of an unfinished upload: ${name}`,
  stored,
  outcomes: MULTIPART(outcome),
})

/** Completes, loses the answer, and refuses what asks for the upload again. */
function losesComplete(): Attack {
  let isDone = false
  return (request, forward) => {
    if (isDone) return reply(404, cosError('NoSuchUpload'), FROM_COS)
    isDone = true
    return loses(request, forward)
  }
}

const MULTIPART_CALLS: Situation[] = [
  initiates('a page of a portal', says(reply(200, PORTAL)), 'NOT_FROM_COS'),
  initiates('no id', body('<InitiateMultipartUploadResult/>'), 'COS_UNAVAILABLE'),
  initiates(
    'an empty id',
    body('<InitiateMultipartUploadResult><UploadId></UploadId></InitiateMultipartUploadResult>'),
    'COS_UNAVAILABLE',
  ),
  initiates('cut in the middle of the id', body('<UploadId>12'), 'COS_UNAVAILABLE'),
  initiates('200 with `<Error>`', body(cosError('AccessDenied')), 'ACCESS_DENIED'),
  initiates('no answer', says('hang'), 'TIMEOUT'),
  completes('200 with `<Error>`', body(cosError('InternalError')), 'COS_UNAVAILABLE'),
  completes(
    '200 with white space and `<Error>`',
    body(` \n \n${cosError('AccessDenied')}`),
    'ACCESS_DENIED',
  ),
  completes(
    'white space before the answer',
    body((right) => ` \n \n${right}`),
    'verified',
  ),
  completes('200 with white space', says(reply(200, ' \n \n', FROM_COS)), 'COS_UNAVAILABLE'),
  completes('a page of a portal', says(reply(200, PORTAL)), 'NOT_FROM_COS'),
  completes('no answer', says('hang'), 'TIMEOUT'),
  completes('the answer is lost, and COS no longer knows the upload', losesComplete(), 'verified'),
  completes(
    'COS no longer knows the upload',
    says(reply(404, cosError('NoSuchUpload'))),
    'NO_SUCH_UPLOAD',
  ),
  completes(
    'a part is not the right one',
    says(reply(400, cosError('InvalidPart'), FROM_COS)),
    'INVALID_REQUEST',
  ),
  {
    name: 'HeadObject is refused',
    on: 'HeadObject',
    attack: says(reply(403)),
    outcomes: MULTIPART('verified'),
  },
  lists('no part', body(list('')), 'verified'),
  lists('the list does not advance', says(reply(200, list(part(1), 0), FROM_COS)), 'NOT_FROM_COS'),
  lists(
    'the list never ends',
    (request) => reply(200, list('', pageAfter(request) + 1), FROM_COS),
    'NOT_FROM_COS',
  ),
  lists(
    'the list never ends, and holds a part on each page',
    (request) => reply(200, list(part(pageAfter(request) + 1), pageAfter(request) + 1), FROM_COS),
    'INVALID_REQUEST',
  ),
  lists(
    'the next page begins at no number',
    says(reply(200, list(part(1), Number.NaN), FROM_COS)),
    'NOT_FROM_COS',
  ),
  lists('parts of other sizes', body(list(part(1, 17) + part(2, 2 ** 30))), 'verified'),
  lists('parts that the file does not have', body(list(part(0) + part(99))), 'verified'),
  lists('parts without ETags', body(list(part(1, MB, '') + part(2, MB, ''))), 'verified'),
  lists('parts that were never sent', body(list(part(1) + part(2))), 'INVALID_REQUEST'),
  lists(
    'the same part twice',
    body((right) => right.replace(/<Part>.*?<\/Part>/s, '$&$&')),
    'verified',
  ),
  lists('a page of a portal', says(reply(200, PORTAL)), 'NOT_FROM_COS'),
  lists('cut in the middle', body('<ListPartsResult><Part><PartNu'), 'COS_UNAVAILABLE'),
  lists('200 with `<Error>`', body(cosError('InternalError')), 'COS_UNAVAILABLE'),
  lists('no answer', says('hang'), 'TIMEOUT'),
  lists('COS does not know the upload', says(reply(404, cosError('NoSuchUpload'))), 'verified'),
]

const PHONE: Situation[] = [
  resumes('as it was', (entry) => entry),
  resumes('`null`', () => null),
  resumes('a string', () => 'x'),
  resumes('a number', () => 7),
  resumes('an empty list', () => []),
  resumes('`partSize` 0', (entry) => ({ ...entry, partSize: 0 })),
  resumes('`partSize` 1', (entry) => ({ ...entry, partSize: 1 })),
  resumes('`partSize` as a string', (entry) => ({ ...entry, partSize: '1048576' })),
  resumes('a huge `partSize`', (entry) => ({ ...entry, partSize: 2 ** 40 })),
  resumes('no `uploadId`', (entry) => ({ ...entry, uploadId: undefined })),
  resumes('`uploadId` of nothing', (entry) => ({ ...entry, uploadId: 'x' })),
  resumes('a negative size', (entry) => ({ ...entry, size: -1 })),
  {
    name: 'A base library without digests',
    phone: withoutDigests,
    outcomes: all('NO_DIGEST'),
  },
  {
    name: 'A base library that shows no headers of wx.uploadFile',
    phone: hidesHeaders,
    outcomes: { 'POST form': 'not verified' },
  },
  {
    name: 'wx.read ignores `position`',
    phone: reads((read, option) => read({ ...option, position: 0 })),
    outcomes: MULTIPART('FILE_UNREADABLE'),
  },
  {
    name: 'wx.read gives zeros',
    phone: reads((_, { arrayBuffer, length = 0, success }) =>
      success({ bytesRead: length, arrayBuffer: new ArrayBuffer(arrayBuffer.byteLength) }),
    ),
    outcomes: MULTIPART('FILE_UNREADABLE'),
  },
  {
    name: 'wx.read gives half of what it is asked for',
    phone: reads((read, option) =>
      read({ ...option, length: Math.ceil((option.length ?? 0) / 2) }),
    ),
    outcomes: MULTIPART('verified'),
  },
  {
    name: 'wx.read gives nothing',
    phone: reads((_, { arrayBuffer, success }) => success({ bytesRead: 0, arrayBuffer })),
    outcomes: MULTIPART('FILE_CHANGED'),
  },
  {
    name: 'The file changes while it is sent',
    phone: rewritesFile,
    outcomes: { PUT: 'NOT_VERIFIED', 'POST form': 'NOT_VERIFIED', multipart: 'FILE_CHANGED' },
  },
  {
    name: 'The storage for files is full',
    phone: replace('writeFile', (_, option: never) => {
      const { fail } = option as WechatMiniprogram.WriteFileOption
      fail?.({
        errMsg: 'writeFile:fail the maximum size of the file storage limit is exceeded',
      } as never)
    }),
    outcomes: { PUT: 'verified', 'POST form': 'verified', multipart: 'not verified' },
  },
  {
    name: 'The storage of entries is full',
    phone: (wx) => wx.limitStorage(0),
    outcomes: uploads('verified'),
  },
]

const signs = (name: string, signer: (signed: object) => unknown): Situation => ({
  name: `The signer answers ${name}`,
  signer,
  outcomes: all('SIGNER_INVALID'),
})

const json = (answer: unknown) =>
  reply(200, JSON.stringify(answer), { 'content-type': 'application/json' })

const SIGNERS: Situation[] = [
  {
    ...signs('another method', (signed) => ({ ...signed, method: 'DELETE' })),
    outcomes: { PUT: 'SIGNER_INVALID', multipart: 'SIGNER_INVALID', download: 'SIGNER_INVALID' },
  },
  signs('no URL', (signed) => ({ ...signed, url: undefined })),
  signs('a URL that is none', (signed) => ({ ...signed, url: '/photos/a.png' })),
  signs('neither headers nor fields', (signed) => ({
    ...signed,
    headers: undefined,
    fields: undefined,
  })),
  signs('HTML', () => PORTAL),
  signs('`null`', () => null),
  signs('nothing', () => undefined),
  {
    name: 'Our server: `/session` answers 200 with HTML',
    server: { '/session': reply(200, PORTAL) },
    outcomes: all('SERVER_REFUSED'),
  },
  {
    name: 'Our server: `/presign` and `/post-form` answer 200 with `{}`',
    server: { '/session': session, '/presign': json({}), '/post-form': json({}) },
    outcomes: all('SERVER_REFUSED'),
  },
  {
    name: 'Our server: `/presign` and `/post-form` answer 200 with a list',
    server: { '/session': session, '/presign': json([]), '/post-form': json([]) },
    outcomes: all('SERVER_REFUSED'),
  },
  {
    name: 'Our server: `/presign` and `/post-form` answer 200 with HTML',
    server: {
      '/session': session,
      '/presign': reply(200, PORTAL),
      '/post-form': reply(200, PORTAL),
    },
    outcomes: all('SERVER_REFUSED'),
  },
  {
    name: 'Our server: `/credentials` answers 200 with HTML',
    server: { '/session': session, '/credentials': reply(200, PORTAL) },
    outcomes: all('SERVER_REFUSED'),
  },
]

export const SITUATIONS: Situation[] = [
  ...RIGHT,
  ...CONNECTION,
  ...NOT_COS,
  ...WRONG_ANSWERS,
  ...DAMAGED_BYTES,
  ...MULTIPART_CALLS,
  ...PHONE,
  ...SIGNERS,
]

/** Situation → outcome, as rows of the table in README.md of `miniprogram/transfer`. */
export function outcomeRows(): string[][] {
  const rows = SITUATIONS.map(({ name, outcomes }) => [
    name,
    ...WAYS.map((way) => cell(outcomes[way])),
  ])
  return [['situation', ...WAYS], ...rows]
}

function cell(outcome: Outcome | undefined): string {
  if (outcome === undefined) return ''
  return /^[A-Z_]+$/.test(outcome) ? `\`${outcome}\`` : outcome
}
