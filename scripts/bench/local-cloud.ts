import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { Readable } from 'node:stream'
import { presign } from '../../test/local-cloud/sign'
import { median } from './median'
import { withProcesses } from './processes'

const MB = 1024 * 1024
const LISTED_OBJECTS = 100_000
const CHUNK = Buffer.alloc(MB, 'the content of an object ')

interface Workload {
  name: string
  method: 'PUT' | 'GET'
  bytes: number
  /** Requests in one round, one after the other. */
  requests: number
  rounds: number
  /** The least share of the bare server's speed. */
  target: number
}

const WORKLOADS: Workload[] = [
  { name: '256 MB PUT', method: 'PUT', bytes: 256 * MB, requests: 1, rounds: 3, target: 0.35 },
  { name: '256 MB GET', method: 'GET', bytes: 256 * MB, requests: 1, rounds: 3, target: 0.8 },
  { name: '1 KB PUT', method: 'PUT', bytes: 1024, requests: 1000, rounds: 3, target: 0.4 },
  { name: '1 KB GET', method: 'GET', bytes: 1024, requests: 1000, rounds: 3, target: 0.4 },
]

interface Server {
  port: number
  /** The request target of a key. */
  target(method: string, key: string): string
}

const presigned = (method: string, path: string) => presign({ method, path })

/**
 * Compares the local cloud with a bare node:http server that does the same file work without signatures,
 * digests or metadata, both in processes of their own. Prints one line for each workload: the median speed of
 * both, the ratio and its target.
 */
export async function benchLocalCloud(print: (line: string) => void): Promise<void> {
  await withProcesses(async ({ folder, start }) => {
    const serve = async (script: string, data: string) => {
      const { answer } = await start<{ port: number }>(script, [path.join(folder, data)])
      return answer.port
    }
    const bare = {
      port: await serve('bare-server.ts', 'bare'),
      target: (_: string, key: string) => key,
    }
    const cloud = { port: await serve('cloud-server.ts', 'cloud'), target: presigned }
    for (const workload of WORKLOADS) print(await compare(workload, bare, cloud))
    writeObjects(path.join(folder, 'many'))
    print(await timeList({ port: await serve('cloud-server.ts', 'many'), target: presigned }))
  })
}

/** Records of objects as the store keeps them; they share a body, which nobody reads. */
function writeObjects(data: string): void {
  const bucket = path.join(data, 'examplebucket-1250000000')
  const records = path.join(bucket, 'records')
  mkdirSync(records, { recursive: true })
  mkdirSync(path.join(bucket, 'blobs'))
  const blob = randomUUID()
  writeFileSync(path.join(bucket, 'blobs', blob), 'x')
  const object = { blob, size: 1, md5: 'a', crc64: '1', lastModified: 0, headers: {} }
  for (let i = 0; i < LISTED_OBJECTS; i++) {
    const key = `folder-${i % 10}/${i}`
    const name = createHash('sha256').update(key).digest('hex')
    writeFileSync(path.join(records, `${name}.json`), JSON.stringify({ ...object, key }))
  }
}

async function timeList(server: Server): Promise<string> {
  const page = { name: 'list', method: 'GET', bytes: 0, requests: 1, rounds: 5, target: 0 } as const
  const times: number[] = []
  for (let i = 0; i < page.rounds; i++) times.push(await run(page, server, ['/']))
  const first = `${Math.round(times[0] ?? 0)} ms at first, ${Math.round(median(times))} ms after that`
  return `local cloud list, 1,000 of ${LISTED_OBJECTS.toLocaleString('en')} objects: ${first}`
}

/** Rounds alternate between the two servers, so that both see the machine in the same state. */
async function compare(workload: Workload, bare: Server, cloud: Server): Promise<string> {
  const { name, bytes, requests, rounds, target } = workload
  const times = { bare: [] as number[], cloud: [] as number[] }
  for (let i = 0; i <= rounds; i++) {
    const [ofBare, ofCloud] = [await run(workload, bare), await run(workload, cloud)]
    // The first round is for the compiler.
    if (i > 0) times.bare.push(ofBare)
    if (i > 0) times.cloud.push(ofCloud)
  }
  const [ofBare, ofCloud] = [median(times.bare), median(times.cloud)]
  const speed = (ms: number) =>
    bytes >= MB
      ? `${Math.round(((bytes / MB) * requests * 1000) / ms)} MB/s`
      : `${Math.round((requests * 1000) / ms)}/s`
  const ratio = ofBare / ofCloud
  return (
    `local cloud ${name}: ${ratio.toFixed(2)} of a bare server ` +
    `(${speed(ofCloud)} of ${speed(ofBare)}; target ${target}${ratio < target ? ', missed' : ''})`
  )
}

/** Milliseconds for one round. */
async function run(
  workload: Workload,
  server: Server,
  keys = Array.from({ length: workload.requests }, (_, i) => `/bench-${workload.bytes}-${i}`),
): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const targets = keys.map((key) => server.target(workload.method, key))
  try {
    const start = process.hrtime.bigint()
    for (const target of targets) await request(workload, { ...server, agent }, target)
    return Number(process.hrtime.bigint() - start) / 1e6
  } finally {
    agent.destroy()
  }
}

function request(
  { method, bytes }: Workload,
  { port, agent }: { port: number; agent: http.Agent },
  target: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = method === 'PUT' ? { 'Content-Length': bytes } : {}
    const options = { host: '127.0.0.1', port, agent, method, path: target, headers }
    const sent = http.request(options, (response) => {
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`${method} ${target}: status ${response.statusCode}`))
      })
      response.resume()
    })
    sent.on('error', reject)
    if (method === 'GET') sent.end()
    else if (bytes <= CHUNK.length) sent.end(CHUNK.subarray(0, bytes))
    else Readable.from(content(bytes)).pipe(sent)
  })
}

function* content(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, left)
}
