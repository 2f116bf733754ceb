import { spawn, spawnSync } from 'node:child_process'
import { Agent } from 'node:http'
import { createInterface } from 'node:readline'
import { askJson } from '../../test/helpers/ask'
import { closedPort } from '../../test/helpers/closed-port'
import { endProcess } from '../../test/helpers/end-process'
import { send } from '../../test/local-cloud/sign'
import { race, time } from './measure'
import { withProcesses } from './processes'
import type * as ServerProcess from './server-process'

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

const agent = new Agent({ keepAlive: true })

interface User {
  token: string
  prefix: string
  /** The keys that this user's answers were made with. */
  keys: Set<string>
}

interface Route {
  path: string
  body: (user: User) => object
  /** Finds the key that an answer is, or is signed with. */
  key?: RegExp
  /** The least share of the bare route's speed. */
  target: number
}

const BARE: Route = { path: '/bare', body: () => ({}), target: 1 }
const PRESIGN: Route = {
  path: '/presign',
  body: ({ prefix }) => ({ method: 'PUT', key: `${prefix}a.png` }),
  key: /q-ak=([^&]+)/,
  target: 0.6,
}
const CREDENTIALS: Route = {
  path: '/credentials',
  body: () => ({ purpose: 'upload' }),
  key: /"tmpSecretId":"([^"]+)"/,
  target: 0.75,
}

interface Bench {
  port: number
  barePort: number
  users: User[]
}

/**
 * Compares `/presign` and `/credentials`, their temporary keys cached, with a bare Fastify route that
 * only verifies the same session: 50 connections of 20 users. Then `/presign` with its counters in a
 * Redis on loopback, and 200 connections for a minute. Prints one line for each.
 *
 * @throws Error when an answer is lost, is an error, or is another user's; when keys are mixed up
 */
export async function benchServer(): Promise<void> {
  await withProcesses(async ({ folder, start, startCloud }) => {
    const sts = `http://127.0.0.1:${await startCloud(folder)}`
    const newServer = () =>
      start<typeof ServerProcess>('server-process.ts', ['startServer', 'heapUsed'], ['--expose-gc'])
    const server = newServer()
    const bench = await withUsers(await server.startServer(sts))
    for (const route of [PRESIGN, CREDENTIALS]) {
      console.log(`server ${route.path}: ${await compare(route, bench)}`)
    }
    await soak(bench, () => server.heapUsed())
    await withRedis(async (redis) => {
      const shared = await withUsers(await newServer().startServer(sts, redis))
      const result = await compare({ ...PRESIGN, target: REDIS_TARGET }, shared)
      console.log(`server /presign with Redis: ${result}`)
    })
  })
}

async function withUsers(ports: { port: number; barePort: number }): Promise<Bench> {
  const url = `http://127.0.0.1:${ports.port}/session`
  const logins = Array.from({ length: USERS }, async (_, i) => {
    const user = await askJson<User>('POST', url, { code: `user-${i}` })
    return { ...user, keys: new Set<string>() }
  })
  return { ...ports, users: await Promise.all(logins) }
}

async function withRedis(run: (url: string) => Promise<void>): Promise<void> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    return console.log('server /presign with Redis: no redis-server is installed')
  }
  const port = await closedPort()
  const redis = spawn('redis-server', ['--bind', '127.0.0.1', '--port', `${port}`, '--save', ''])
  try {
    for await (const line of createInterface(redis.stdout)) {
      if (line.includes('Ready to accept connections')) break
    }
    await run(`redis://127.0.0.1:${port}`)
  } finally {
    await endProcess(redis)
  }
}

async function compare(route: Route, { port, barePort, users }: Bench): Promise<string> {
  for (const user of users) user.keys.clear()
  const isMore = (sent: number) => sent < REQUESTS
  const result = await race({
    rounds: ROUNDS,
    ours: () => time(() => load(route, port, users, CONNECTIONS, isMore)),
    theirs: () => time(() => load(BARE, barePort, users, CONNECTIONS, isMore)),
    of: 'a bare route',
    amount: REQUESTS,
    unit: '',
    target: route.target,
  })
  // One user has one key while it lasts, and no two users have the same.
  const keys = new Set(users.flatMap((user) => [...user.keys]))
  if (keys.size !== users.length || users.some((user) => user.keys.size !== 1)) {
    throw new Error(`${route.path}: ${users.length} users have ${keys.size} keys`)
  }
  return result
}

/** 200 connections for a minute: the heap after 50,000 requests, and in the end. */
async function soak({ port, users }: Bench, heapUsed: () => Promise<number>): Promise<void> {
  const ask = (isMore: (sent: number) => boolean) =>
    load(PRESIGN, port, users, SOAK_CONNECTIONS, isMore)
  await ask((sent) => sent < SOAK_WARM_UP)
  const before = await heapUsed()
  const end = Date.now() + SOAK_MS
  const answered = await ask(() => Date.now() < end)
  const growth = (await heapUsed()) - before
  console.log(
    `server, ${SOAK_CONNECTIONS} connections for ${SOAK_MS / 1000} s: ${answered} requests, ` +
      `none refused or failed; heap ${before.toFixed(1)} MB and ${growth.toFixed(1)} MB more ` +
      `(target ${MAX_HEAP_GROWTH_MB}${growth > MAX_HEAP_GROWTH_MB ? ', missed' : ''})`,
  )
}

/** Each connection asks for one user after another, while `isMore`. Gives how many were answered. */
async function load(
  { path, body, key }: Route,
  port: number,
  users: User[],
  connections: number,
  isMore: (sent: number) => boolean,
): Promise<number> {
  let sent = 0
  const connection = async () => {
    while (isMore(sent)) {
      const user = users[sent++ % users.length]!
      const { status, text } = await send(port, 'POST', path, {
        agent,
        headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body(user)),
      })
      if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
      if (!text.includes(user.prefix)) throw new Error(`${path}: not the asker's answer`)
      if (key) user.keys.add(key.exec(text)?.[1] ?? '')
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  return sent
}
