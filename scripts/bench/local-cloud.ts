import { once } from 'node:events'
import http from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { ObjectStore } from '../../local-cloud/store/object-store'
import { BUCKET } from '../../test/local-cloud/names'
import { presign } from '../../test/local-cloud/sign'
import type * as BareProcess from './bare-process'
import { MB, medians, race, time } from './measure'
import { withProcesses } from './processes'

const ROUNDS = 3
const LISTS = 5
const LISTED_OBJECTS = 100_000
const CHUNK = Buffer.alloc(MB, 'the content of an object ')

/** Requests in one round, one after the other, and the least share of the bare server's speed. */
const WORKLOADS = [
  { method: 'PUT', bytes: 256 * MB, requests: 1, target: 0.35 },
  { method: 'GET', bytes: 256 * MB, requests: 1, target: 0.8 },
  { method: 'PUT', bytes: 1024, requests: 1000, target: 0.4 },
  { method: 'GET', bytes: 1024, requests: 1000, target: 0.4 },
]
type Workload = (typeof WORKLOADS)[number]

/**
 * Compares the local cloud with a bare node:http server that does the same file work without signatures,
 * digests or metadata, both in processes of their own. Prints one line for each workload.
 */
export async function benchLocalCloud(): Promise<void> {
  await withProcesses(async ({ folder, start, startCloud }) => {
    const bare = start<typeof BareProcess>('bare-process.ts', ['startBareCloud'])
    const barePort = await bare.startBareCloud(folder)
    const cloud = await startCloud(join(folder, 'cloud'))
    for (const workload of WORKLOADS) await compare(workload, barePort, cloud)
    const many = join(folder, 'many')
    await writeObjects(join(many, BUCKET))
    await timeList(await startCloud(many))
  })
}

async function compare(workload: Workload, bare: number, cloud: number): Promise<void> {
  const { method, bytes, requests, target } = workload
  const targets = Array.from({ length: requests }, (_, i) =>
    presign({ method, path: `/bench-${bytes}-${i}` }),
  )
  const run = (port: number) => () =>
    time(async () => {
      for (const path of targets) await send(port, method, path, bytes)
    })
  const isLarge = bytes >= MB
  const result = await race({
    rounds: ROUNDS,
    ours: run(cloud),
    theirs: run(bare),
    of: 'a bare server',
    amount: isLarge ? (bytes / MB) * requests : requests,
    unit: isLarge ? ' MB' : '',
    target,
  })
  const size = isLarge ? `${bytes / MB} MB` : `${bytes / 1024} KB`
  console.log(`local cloud ${size} ${method}: ${result}`)
}

/** Objects that share a body, which nobody reads. */
async function writeObjects(folder: string): Promise<void> {
  const store = new ObjectStore(folder)
  const body = await store.stage(Readable.from(['x']), 1)
  for (let i = 0; i < LISTED_OBJECTS; i++) {
    store.commit({ ...body, key: `folder-${i % 10}/${i}`, lastModified: 0, headers: {} })
  }
  store.close()
}

async function timeList(port: number): Promise<void> {
  const path = presign({ method: 'GET', path: '/' })
  const list = () => time(() => send(port, 'GET', path))
  const first = await list()
  const { later } = await medians(LISTS, { later: list })
  console.log(
    `local cloud list, 1,000 of ${LISTED_OBJECTS.toLocaleString('en')} objects: ` +
      `${Math.round(first)} ms at first, ${Math.round(later)} ms after that`,
  )
}

/** PUT streams so many bytes there. The answer is read, and not kept. */
async function send(port: number, method: string, path: string, bytes = 0): Promise<void> {
  const isPut = method === 'PUT'
  const headers = isPut ? { 'Content-Length': bytes } : {}
  const request = http.request({ host: '127.0.0.1', port, method, path, headers })
  const sent = isPut ? pipeline(content(bytes), request) : request.end()
  const [[response]] = await Promise.all([once(request, 'response'), sent])
  await finished(response.resume())
  if (response.statusCode !== 200) throw new Error(`${method} ${path}: ${response.statusCode}`)
}

function* content(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= MB) yield CHUNK.subarray(0, left)
}
