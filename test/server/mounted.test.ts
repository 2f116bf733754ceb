import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { createLocalCloud } from '../../local-cloud/local-cloud'
import { closedPort } from '../helpers/closed-port'
import { endProcess } from '../helpers/end-process'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'
import { statusOf } from './local-stack'

const ROOT = join(__dirname, '..', '..')
const SERVER = join(ROOT, 'server')

/** The recipes of README.md: the first code block below each heading of the section. */
const section = /^## Inside another server\n(.*?)^## /ms.exec(
  readFileSync(join(SERVER, 'README.md'), 'utf8'),
)![1]!
const recipes = [...section.matchAll(/^### (.+?)\n.*?^```ts\n(.+?)^```/gms)].map(
  ([, name = '', code = '']) => ({ name, code }),
)

const data = tempDir()
const cloud = createLocalCloud({ data: data.path, port: 0 })
/** Below the project, so that its packages are found. */
const cache = join(ROOT, 'node_modules', '.cache')
mkdirSync(cache, { recursive: true })
const modules = mkdtempSync(join(cache, 'recipes-'))
let STS_ENDPOINT = ''

beforeAll(async () => {
  STS_ENDPOINT = (await cloud.start()).url
})
afterAll(async () => {
  await cloud.stop()
  data.remove()
  rmSync(modules, { recursive: true })
})

/** Runs the module as if it were in server/, until `use` is done with its address. */
async function withModule(name: string, code: string, use: (url: string) => Promise<void>) {
  const file = join(modules, `${name.replace(/\W+/g, '-')}.ts`)
  writeFileSync(file, code.replaceAll("from './", `from '${SERVER.replaceAll('\\', '/')}/`))
  const port = await closedPort()
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', file], {
    cwd: ROOT,
    env: { ...process.env, STS_ENDPOINT, PORT: String(port), RATE_LIMIT_PER_USER: '3' },
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const url = `http://127.0.0.1:${port}`
  try {
    const answers = () =>
      fetch(url).then(
        () => true,
        () => child.exitCode !== null,
      )
    await until(answers, 'the module listens')
    if (child.exitCode !== null) throw new Error(output)
    await use(url)
  } finally {
    await endProcess(child)
  }
}

function post(url: string, body: string | undefined, headers: Record<string, string> = {}) {
  return fetch(url, {
    method: 'POST',
    body,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
  })
}

test('there is a recipe for each', () => {
  expect(recipes.map(({ name }) => name)).toEqual([
    'node:http',
    'Express 5',
    'Koa',
    'Fastify',
    'Nest, on Express',
  ])
})

describe.each(recipes)('inside $name', ({ name, code }) => {
  test('it serves its routes below the prefix, and leaves the others alone', () =>
    withModule(name, code, async (url) => {
      expect(await (await fetch(url)).text()).toMatch(/another page|Cannot GET/)
      expect(await (await fetch(`${url}/cos/config`)).json()).toMatchObject({ localCloud: true })

      // With spaces: a body that was parsed and written again is of another length.
      const login = await post(`${url}/cos/session`, '{ "code" : "照" }')
      expect([login.status, login.headers.get('cache-control')]).toEqual([200, 'no-store'])
      const { token, prefix } = await login.json()
      const authorization = { authorization: `Bearer ${token}` }
      const presign = (body: object) =>
        post(`${url}/cos/presign`, JSON.stringify(body), authorization)

      const signed = await presign({ method: 'PUT', key: `${prefix}照片.txt` })
      const { url: put } = await signed.json()
      expect(await statusOf(put, { method: 'PUT', body: 'hello' })).toBe(200)

      const refusals = [
        await post(`${url}/cos/session`, '{}'),
        await post(`${url}/cos/session`, JSON.stringify({ code: 'x'.repeat(20_000) })),
        await post(`${url}/cos/session`, undefined),
        await post(`${url}/cos/presign`, '{}'),
        await post(`${url}/cos/nothing`, '{}'),
        await presign({ method: 'PUT', key: 'users/other/a' }),
      ]
      const codes = refusals.map(async (answer) => [
        answer.status,
        (await answer.json()).error.code,
      ])
      expect(await Promise.all(codes)).toEqual([
        [400, 'INVALID_REQUEST'],
        [413, 'INVALID_REQUEST'],
        [400, 'INVALID_REQUEST'],
        [401, 'UNAUTHENTICATED'],
        [404, 'NOT_FOUND'],
        [403, 'KEY_NOT_ALLOWED'],
      ])
      expect((await presign({ method: 'GET', key: `${prefix}a` })).status).toBe(200)
      expect((await presign({ method: 'GET', key: `${prefix}a` })).status).toBe(429)
    }))
})
