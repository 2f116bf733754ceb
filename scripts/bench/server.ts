import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

const CONNECTIONS = 50
const USERS = 20
const REQUESTS = 5000
const ROUNDS = 7

interface User {
  token: string
  prefix: string
  /** The keys that this user's answers were made with. */
  keys: Set<string>
}

interface Workload {
  readonly name: string
  readonly path: string
  readonly body: (user: User) => object
  /** Finds, in the text of an answer, the prefix of the user whom it is for. */
  readonly prefix: RegExp
  /** Finds the key that it is, or is signed with. */
  readonly key?: RegExp
  /** The least share of the bare route's speed. */
  readonly target?: number
}

const BARE: Workload = {
  name: 'bare route',
  path: '/bare',
  body: () => ({}),
  prefix: /"prefix":"([^"]+)"/,
}

const WORKLOADS: Workload[] = [
  {
    name: '/presign',
    path: '/presign',
    body: ({ prefix }) => ({ method: 'PUT', key: `${prefix}a.png` }),
    prefix: /\/(users\/\w+\/)a\.png\?/,
    key: /q-ak=([^&]+)/,
    target: 0.5,
  },
  {
    name: '/credentials',
    path: '/credentials',
    body: () => ({ purpose: 'upload' }),
    prefix: /"prefix":"([^"]+)"/,
    key: /"tmpSecretId":"([^"]+)"/,
  },
]

/**
 * Compares `/presign` and `/credentials`, their temporary keys cached, with a bare Fastify route that
 * only verifies the same session: 50 connections of 20 users, rounds in turn. Prints one line for
 * each: the median ratio of a round, and the median speeds. Errors: when an answer is lost, or is
 * another user's.
 */
export async function benchServer(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-server-'))
  const children: ChildProcess[] = []
  const start = async (script: string, argument: string): Promise<Record<string, number>> => {
    const child = fork(path.join(__dirname, script), [argument], {
      execArgv: ['--import', 'tsx'],
    })
    children.push(child)
    const [ports] = await Promise.race([once(child, 'message'), once(child, 'exit')])
    if (typeof ports !== 'object') throw new Error(`${script} did not start: exit code ${ports}`)
    return ports
  }
  try {
    const cloud = await start('cloud-server.ts', folder)
    const endpoint = `http://127.0.0.1:${cloud['port']}`
    const { port = 0, barePort = 0 } = await start('server-process.ts', endpoint)
    const users = await Promise.all(
      Array.from({ length: USERS }, (_, i) => login(port, `user-${i}`)),
    )
    for (const workload of WORKLOADS) {
      print(await compare(workload, { port, barePort, users }))
      checkKeys(workload, users)
    }
  } finally {
    for (const child of children) child.kill()
    await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')))
    rmSync(folder, { recursive: true, force: true })
  }
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

/** Milliseconds for one round. Each connection asks for one user after another. */
async function run(workload: Workload, port: number, users: User[]): Promise<number> {
  const requests = users.map((user) => ({ user, bytes: httpRequest(workload, user) }))
  let sent = 0
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(port)))
  const start = process.hrtime.bigint()
  await Promise.all(
    connections.map(async (connection) => {
      for (;;) {
        const next = requests[sent % requests.length]
        if (sent >= REQUESTS || !next) return
        sent += 1
        const answer = await connection.ask(next.bytes)
        if (workload.prefix.exec(answer)?.[1] !== next.user.prefix) {
          throw new Error(`${workload.name}: not the asker's answer`)
        }
        if (workload.key) next.user.keys.add(workload.key.exec(answer)?.[1] ?? '')
      }
    }),
  )
  const time = Number(process.hrtime.bigint() - start) / 1e6
  for (const connection of connections) connection.end()
  return time
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

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
