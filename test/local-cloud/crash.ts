import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { until } from '../helpers/until'
import { BUCKET } from './names'
import { forkCloud, type ForkedCloud } from './fork-cloud'
import { authorization, presign, send } from './sign'

const KEYS = ['a', '目录/b', 'c', 'd']
const PART_BYTES = 1024 * 1024
/** That have begun when the process is killed. */
const MAX_WRITES = 60

interface CrashReport {
  kills: number
  /** Requests that were under way when the process was killed. */
  interrupted: number
  /** What must never be: one line each. */
  problems: string[]
}

/** What a key may hold: the last version that was acknowledged, or one that was under way. */
interface Expectation {
  acknowledged: string | undefined
  pending: Set<string | undefined>
}

const versionOf = (body: Buffer) => createHash('md5').update(body).digest('hex')

/** A body whose every byte depends on its version, so that no mixture of two passes for one. */
function bodyOf(serial: number): Buffer {
  const size = [0, 1, 5000, 300_000, 2_500_000][serial % 5] ?? 0
  return Buffer.alloc(size, `version ${serial} `)
}

/**
 * Kills a local cloud with SIGKILL at random moments of PUT, POST, complete and delete, starts it again on the
 * same folder each time, and checks every object: it is the old one or a new one, whole, with its metadata.
 */
export async function crashTest(data: string, kills: number): Promise<CrashReport> {
  const report: CrashReport = { kills: 0, interrupted: 0, problems: [] }
  const expectations = new Map<string, Expectation>(
    KEYS.map((key) => [key, { acknowledged: undefined, pending: new Set() }]),
  )
  let serial = 0
  while (report.kills < kills) {
    const cloud = await forkCloud(data)
    for (const [key, expectation] of expectations) {
      const found = await inspect(cloud, key, report)
      if (found !== expectation.acknowledged && !expectation.pending.has(found)) {
        report.problems.push(`${key} holds ${found}, neither acknowledged nor under way`)
      }
      expectation.acknowledged = found
      expectation.pending.clear()
    }
    checkLeftovers(data, expectations, report)
    const writers = Array.from(expectations, async ([key, expectation]) => {
      while (cloud.child.signalCode === null) {
        const number = serial++
        const version = number % 7 === 6 ? undefined : versionOf(bodyOf(number))
        expectation.pending.add(version)
        if (!(await write(cloud, key, number, version))) {
          report.interrupted++
          return
        }
        expectation.acknowledged = version
        expectation.pending.clear()
      }
    })
    const last = serial + Math.random() * MAX_WRITES
    await until(() => serial > last, 'enough writes')
    await cloud.kill()
    await Promise.all(writers)
    report.kills++
  }
  return report
}

/** The version that a key holds; notes what does not fit together. */
async function inspect({ port }: ForkedCloud, key: string, report: CrashReport) {
  const { status, headers, body } = await send(
    port,
    'GET',
    presign({ method: 'GET', path: `/${key}` }),
  )
  if (status === 404) return undefined
  const version = versionOf(body)
  if (status !== 200) report.problems.push(`${key}: status ${status}`)
  if (headers['x-cos-meta-version'] !== version)
    report.problems.push(`${key}: metadata of another version`)
  if (headers['content-length'] !== String(body.length)) report.problems.push(`${key}: torn`)
  return version
}

/** Right after a start, each object has its one body, and there is no other file. */
function checkLeftovers(
  data: string,
  expectations: Map<string, Expectation>,
  report: CrashReport,
): void {
  const folder = (name: string) => readdirSync(path.join(data, BUCKET, name))
  const objects = [...expectations.values()].filter(
    ({ acknowledged }) => acknowledged !== undefined,
  )
  if (folder('records').length !== objects.length) report.problems.push('records are left over')
  const parts = folder('uploads').flatMap((id) =>
    folder(path.join('uploads', id)).filter((name) => name !== 'upload.json'),
  )
  if (folder('blobs').length !== objects.length + parts.length) {
    report.problems.push('bodies are left over')
  }
}

/** `false` when the connection broke. */
async function write(
  cloud: ForkedCloud,
  key: string,
  serial: number,
  version?: string,
): Promise<boolean> {
  const body = bodyOf(serial)
  try {
    const status = await writeWith(serial % 4, cloud, key, body, version)
    if (status >= 300) throw new Error(`status ${status}`)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return false
  }
}

function writeWith(
  way: number,
  cloud: ForkedCloud,
  key: string,
  body: Buffer,
  version: string | undefined,
): Promise<number> {
  if (version === undefined) return call(cloud, 'DELETE', key)
  if (way === 0) return putInParts(cloud, key, body, version)
  if (way === 1) return post(cloud, key, body, version)
  return call(cloud, 'PUT', key, [], body, { 'x-cos-meta-version': version })
}

type Query = [string, string][]

async function call(
  { port }: ForkedCloud,
  method: string,
  key: string,
  query: Query = [],
  body?: Buffer | string,
  headers = {},
): Promise<number> {
  const { status } = await send(port, method, presign({ method, path: `/${key}`, query }), {
    body,
    headers,
  })
  return status
}

async function putInParts(
  cloud: ForkedCloud,
  key: string,
  body: Buffer,
  version: string,
): Promise<number> {
  const target = presign({ method: 'POST', path: `/${key}`, query: [['uploads', '']] })
  const headers = { 'x-cos-meta-version': version }
  const { text } = await send(cloud.port, 'POST', target, { headers })
  const id = /<UploadId>(\w+)</.exec(text)?.[1] ?? ''
  const parts: string[] = []
  for (let number = 1, at = 0; at < body.length || number === 1; number++, at += PART_BYTES) {
    const part = body.subarray(at, at + PART_BYTES)
    const query: Query = [
      ['partNumber', String(number)],
      ['uploadId', id],
    ]
    await call(cloud, 'PUT', key, query, part)
    parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${versionOf(part)}</ETag></Part>`)
  }
  const xml = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  return call(cloud, 'POST', key, [['uploadId', id]], xml)
}

/** A form, signed in the older way. */
async function post({ port }: ForkedCloud, key: string, body: Buffer, version: string) {
  const fields = {
    key,
    'x-cos-meta-version': version,
    Signature: authorization({ method: 'POST', path: '/' }),
    'file"; filename="a': body,
  }
  const parts = Object.entries(fields).flatMap(([name, value]) => [
    Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ])
  const headers = { 'Content-Type': 'multipart/form-data; boundary=b' }
  const form = Buffer.concat([...parts, Buffer.from('--b--\r\n')])
  return (await send(port, 'POST', '/', { body: form, headers })).status
}
