import { spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { expect, test } from '@jest/globals'

const ROOT = join(__dirname, '..', '..')
const LOCAL_CLOUD = 'http://127.0.0.1:9000'
/** Every variable, empty: neither this machine's environment nor a server/.env comes through. */
const NOTHING = Object.fromEntries(
  `HOST PORT STS_ENDPOINT COS_BUCKET COS_REGION COS_DOMAIN TENCENT_SECRET_ID TENCENT_SECRET_KEY
   WX_APPID WX_SECRET SESSION_SECRET USER_ID_SECRET CREDENTIALS_SECONDS MAX_UPLOAD_BYTES CORS_ORIGINS`
    .split(/\s+/)
    .map((name) => [name, '']),
)

function run(env: Record<string, string>) {
  return spawn(process.execPath, ['--import', 'tsx', join('server', 'main.ts')], {
    cwd: ROOT,
    env: { ...process.env, ...NOTHING, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function runToEnd(env: Record<string, string>) {
  const child = run(env)
  const exited = new Promise<number | null>((resolve) => {
    child.on('exit', resolve)
  })
  const [stderr, code] = await Promise.all([text(child.stderr), exited])
  return { code, lines: stderr.trim().split('\n') }
}

test('says where it listens, and serves', async () => {
  const child = run({ STS_ENDPOINT: LOCAL_CLOUD, PORT: '0' })
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let output = ''
      child.stdout.on('data', (chunk) => {
        output += chunk
        const line = /^server (http:\/\/127\.0\.0\.1:\d+)$/m.exec(output)
        if (line) resolve(line[1]!)
      })
      child.on('exit', () => reject(new Error(`ended with: ${output}`)))
    })
    const config = await (await fetch(`${url}/config`)).json()
    expect(config).toMatchObject({ localCloud: true, host: '127.0.0.1:9000' })
  } finally {
    child.kill()
  }
})

test('deployed unread, it refuses to start and says what is missing', async () => {
  const { code, lines } = await runToEnd({})
  expect(code).toBe(1)
  expect(lines).toHaveLength(9)
  expect(lines[0]).toMatch(/^COS_BUCKET: expected /)
  expect(lines[8]).toBe('Each variable is explained in server/.env.example')
})

test('a port in use is one line and exit code 1', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve)
  })
  const PORT = String((other.address() as AddressInfo).port)
  const { code, lines } = await runToEnd({ STS_ENDPOINT: LOCAL_CLOUD, PORT })
  other.close()
  expect(code).toBe(1)
  expect(lines).toEqual([`port ${PORT} is in use: set another PORT`])
})
