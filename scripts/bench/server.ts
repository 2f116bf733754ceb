import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { closedPort } from '../../test/helpers/closed-port'
import { median } from './median'
import { withProcesses } from './processes'

const CONNECTIONS = 50
const USERS = 20
const REQUESTS = 5000
const ROUNDS = 7
const REDIS_TARGET = 0.4
const SOAK_CONNECTIONS = 200
const SOAK_MS = 60_000
/** What is compiled and cached has settled by then. */
const SOAK_WARM_UP = 50_000
const MAX_HEAP_GROWTH_MB = 5

interface User {
  token: string
  prefix: string
  /** The keys that this user's answers were made with. */
  keys: Set<string>
}

interface Workload {
  name: string
  path: string
  body: (user: User) => object
  /** Finds, in the text of an answer, the prefix of the user whom it is for. */
  prefix: RegExp
  /** Finds the key that it is, or is signed with. */
  key?: RegExp
  /** The least share of the bare route's speed. */
  target?: number
}

const BARE: Workload = {
  name: 'bare route',
  path: '/bare',
  body: () => ({}),
  prefix: /"prefix":"([^"]+)"/,
}

const PRESIGN: Workload = {
  name: '/presign',
  path: '/presign',
  body: ({ prefix }) => ({ method: 'PUT', key: `${prefix}a.png` }),
  prefix: /\/(users\/\w+\/)a\.png\?/,
  key: /q-ak=([^&]+)/,
  target: 0.6,
}

const WORKLOADS: Workload[] = [
  PRESIGN,
  {
    name: '/credentials',
    path: '/credentials',
    body: () => ({ purpose: 'upload' }),
    prefix: /"prefix":"([^"]+)"/,
    key: /"tmpSecretId":"([^"]+)"/,
    target: 0.75,
  },
]

/**
 * Compares `/presign` and `/credentials`, their temporary keys cached, with a bare Fastify route that
 * only verifies the same session: 50 connections of 20 users, rounds in turn. Then `/presign` with its
 * counters in a Redis on loopback, and 200 connections for a minute. Prints one line for each: the
 * median ratio of a round, and the median speeds; the growth of the heap.
 *
 * @throws Error when an answer is lost, is an error, or is another user's
 */
export async function benchServer(print: (line: string) => void): Promise<void> {
  await withProcesses(async ({ folder, start, add }) => {
    const cloud = await start<{ port: number }>('cloud-server.ts', [folder])
    const endpoint = `http://127.0.0.1:${cloud.answer.port}`
    const startServer = async (...options: string[]): Promise<Bench> => {
      const { child, answer } = await start<{ port: number; barePort: number }>(
        'server-process.ts',
        [endpoint, ...options],
        ['--expose-gc'],
      )
      const logins = Array.from({ length: USERS }, (_, i) => login(answer.port, `user-${i}`))
      return { child, ...answer, users: await Promise.all(logins) }
    }
    const bench = await startServer()
    for (const workload of WORKLOADS) {
      print(await compare(workload, bench))
      checkKeys(workload, bench.users)
    }
    print(await soak(bench))
    if (spawnSync('redis-server', ['--version']).status !== 0) {
      return print('server /presign with Redis: no redis-server is installed')
    }
    const port = await closedPort()
    const redis = spawn('redis-server', ['--bind', '127.0.0.1', '--port', `${port}`, '--save', ''])
    add(redis)
    let output = ''
    for await (const text of redis.stdout) {
      output += text
      if (output.includes('Ready to accept connections')) break
    }
    const withRedis = { ...PRESIGN, name: '/presign with Redis', target: REDIS_TARGET }
    print(await compare(withRedis, await startServer(`redis://127.0.0.1:${port}`)))
  })
}

async function login(port: number, code: string): Promise<User> {
  const response = await fetch(`http://127.0.0.1:${port}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  })
  return { ...((await response.json()) as User), keys: new Set() }
}

interface Bench {
  child: ChildProcess
  port: number
  barePort: number
  users: User[]
}

/** Rounds alternate between the two, so that both see the machine in the same state. */
async function compare(workload: Workload, { port, barePort, users }: Bench): Promise<string> {
  for (const user of users) user.keys.clear()
  const rounds: { bare: number; route: number }[] = []
  for (let i = 0; i <= ROUNDS; i++) {
    const round = {
      bare: await run(BARE, barePort, users),
      route: await run(workload, port, users),
    }
    // The first round is for the compiler, and for STS.
    if (i > 0) rounds.push(round)
  }
  const ratio = median(rounds.map(({ bare, route }) => bare / route))
  const speed = (times: number[]) => `${Math.round((REQUESTS * 1000) / median(times))}/s`
  const speeds = `${speed(rounds.map(({ route }) => route))} of ${speed(rounds.map(({ bare }) => bare))}`
  const { name, target = 0 } = workload
  const goal = target > 0 ? `; target ${target}${ratio < target ? ', missed' : ''}` : ''
  return `server ${name}: ${ratio.toFixed(2)} of a bare route (${speeds}${goal})`
}

/** One user has one key while it lasts, and no two users have the same. */
function checkKeys({ name }: Workload, users: User[]): void {
  const keys = users.flatMap((user) => [...user.keys])
  if (keys.length !== users.length || new Set(keys).size !== users.length) {
    throw new Error(`${name}: ${users.length} users have ${new Set(keys).size} keys`)
  }
}

/** Milliseconds for one round. */
async function run(workload: Workload, port: number, users: User[]): Promise<number> {
  let sent = 0
  const start = process.hrtime.bigint()
  await load({ workload, port, users, connections: CONNECTIONS }, () => sent++ < REQUESTS)
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** 200 connections for a minute: the heap after 50,000 requests, and in the end. */
async function soak({ child, port, users }: Bench): Promise<string> {
  const options = { workload: PRESIGN, port, users, connections: SOAK_CONNECTIONS }
  let sent = 0
  await load(options, () => sent++ < SOAK_WARM_UP)
  const before = await heapOf(child)
  const end = Date.now() + SOAK_MS
  let answered = 0
  await load(options, () => Date.now() < end && answered++ >= 0)
  const growth = (await heapOf(child)) - before
  const verdict = growth > MAX_HEAP_GROWTH_MB ? ', missed' : ''
  return `server, ${SOAK_CONNECTIONS} connections for ${SOAK_MS / 1000} s: ${answered} requests, none refused or failed; heap ${before.toFixed(1)} MB and ${growth.toFixed(1)} MB more (target ${MAX_HEAP_GROWTH_MB}${verdict})`
}

/** Megabytes, after a garbage collection. */
async function heapOf(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message')
  child.send('heap')
  const [{ heapUsed }] = await answer
  return heapUsed / 1024 ** 2
}

interface Load {
  workload: Workload
  port: number
  users: User[]
  connections: number
}

/** Each connection asks for one user after another, while `isMore`. */
async function load(
  { workload, port, users, connections: count }: Load,
  isMore: () => boolean,
): Promise<void> {
  const requests = users.map((user) => ({ user, bytes: httpRequest(workload, user) }))
  let sent = 0
  const connections = await Promise.all(Array.from({ length: count }, () => connect(port)))
  await Promise.all(
    connections.map(async (connection) => {
      while (isMore()) {
        const next = requests[sent % requests.length]!
        sent += 1
        const answer = await connection.ask(next.bytes)
        if (workload.prefix.exec(answer)?.[1] !== next.user.prefix) {
          throw new Error(`${workload.name}: not the asker's answer`)
        }
        if (workload.key) next.user.keys.add(workload.key.exec(answer)?.[1] ?? '')
      }
    }),
  )
  for (const connection of connections) connection.end()
}

function httpRequest({ path: target, body }: Workload, user: User): string {
  const content = JSON.stringify(body(user))
  return [
    `POST ${target} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${user.token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(content)}`,
    '',
    content,
  ].join('\r\n')
}

/** A bare connection, so that the client costs little beside the server. */
async function connect(port: number) {
  const socket = net.connect(port, '127.0.0.1').setNoDelay()
  await once(socket, 'connect')
  let received = ''
  let settle: { resolve(answer: string): void; reject(error: Error): void } | undefined
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    const body = bodyOf(received)
    if (body === undefined) return
    const isWell = received.startsWith('HTTP/1.1 200 ')
    if (isWell) settle?.resolve(body)
    else settle?.reject(new Error(`answered ${received.slice(0, 200)}`))
    received = ''
  })
  socket.on('close', () => settle?.reject(new Error('connection closed')))
  socket.on('error', (error) => settle?.reject(error))
  return {
    ask(request: string): Promise<string> {
      return new Promise((resolve, reject) => {
        settle = { resolve, reject }
        socket.write(request)
      })
    },
    end: () => socket.destroy(),
  }
}

/** The body of an answer that has come whole. */
function bodyOf(received: string): string | undefined {
  const end = received.indexOf('\r\n\r\n')
  const length = /\r\ncontent-length: (\d+)/i.exec(received)?.[1]
  if (end < 0 || length === undefined) return undefined
  const body = received.slice(end + 4)
  return body.length >= Number(length) ? body : undefined
}
