import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { expect, test } from '@jest/globals'

import { createLocalCloud } from '../../local-cloud/local-cloud'
import { tempDir } from '../helpers/temp-dir'
import { LOCAL_CLOUD, runServer, runToEnd, withServer } from './server-process'

async function login(url: string) {
  const response = await fetch(`${url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"code":"x"}',
  })
  return (await response.json()) as { token: string; prefix: string }
}

/** Asks for something that needs a session, but neither STS nor COS. */
async function statusWith(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/post-form`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  })
  return response.status
}

test('says where it listens, and serves', () =>
  withServer({}, async (url) => {
    const config = await (await fetch(`${url}/config`)).json()
    expect(config).toMatchObject({ localCloud: true, host: '127.0.0.1:9000' })
    expect(config).not.toHaveProperty('faultsUrl')
    expect((await fetch(`${url}/docs/json`)).status).toBe(404)
  }))

test('processes with one secret serve the same users, another one does not', async () => {
  const ours = { SESSION_SECRET: 's'.repeat(32), USER_ID_SECRET: 'u'.repeat(32) }
  await withServer(ours, (one) =>
    withServer(ours, (two) =>
      withServer({ ...ours, SESSION_SECRET: 'x'.repeat(32) }, async (other) => {
        const [atOne, atTwo] = [await login(one), await login(two)]
        expect(atTwo.prefix).toBe(atOne.prefix)
        const statuses = [one, two, other].map((url) => statusWith(url, atOne.token))
        expect(await Promise.all(statuses)).toEqual([400, 400, 401])
      }),
    ),
  )
})

// Windows has no signals: kill() ends a process there at once.
const onUnix = process.platform === 'win32' ? test.skip : test
onUnix.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0', (signal) =>
  withServer({}, async (url, child) => {
    await fetch(`${url}/config`)
    const exited = once(child, 'exit')
    child.kill(signal)
    expect(await exited).toEqual([0, null])
    await expect(fetch(`${url}/config`)).rejects.toThrow('fetch failed')
  }),
)

test('describes its API at /docs when told to', () =>
  withServer({ API_DOCS: 'on' }, async (url) => {
    const page = await fetch(`${url}/docs`)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('swagger-ui')])
    const api = await (await fetch(`${url}/docs/json`)).json()
    expect(await (await fetch(url)).text()).toBe(
      'Temporary keys and presigned URLs for COS. See /docs\n',
    )
    expect(Object.keys(api.paths).toSorted()).toEqual([
      '/',
      '/config',
      '/credentials',
      '/health',
      '/post-form',
      '/presign',
      '/session',
    ])
    const { requestBody, responses, security } = api.paths['/presign'].post
    expect(requestBody.content['application/json'].schema.required).toEqual(['method', 'key'])
    expect(Object.keys(responses).toSorted()).toEqual(['200', '4XX', '5XX'])
    expect(security).toEqual([{ session: [] }])
    expect(api.paths['/session'].post.security).toBeUndefined()
    const groups = api.tags.map(({ name }: { name: string }) => name)
    for (const route of Object.values<Record<string, { tags: string[]; summary: string }>>(
      api.paths,
    )) {
      const [{ tags, summary } = { tags: [], summary: '' }] = Object.values(route)
      expect(groups).toContain(tags[0])
      expect(summary).toMatch(/^(Find|Log in|Issue|Sign|Client configuration|Health check)/)
    }
  }))

test('--check says what it found, and ends with 0 or 1', async () => {
  const data = tempDir()
  const cloud = createLocalCloud({ data: data.path, port: 0 })
  const { url } = await cloud.start()
  try {
    const well = runServer({ STS_ENDPOINT: url }, ['--check'])
    const wrong = runServer({ STS_ENDPOINT: url, TENCENT_SECRET_KEY: 'wrong' }, ['--check'])
    const ended = Promise.all([once(well, 'exit'), once(wrong, 'exit')])
    const [said, told, warned] = await Promise.all(
      [well.stdout, wrong.stdout, well.stderr].map((stream) => text(stream)),
    )
    expect(await ended).toEqual([
      [0, null],
      [1, null],
    ])
    expect(said).toContain('ok    PUT with a temporary key')
    expect(warned).toBe('')
    expect(told).toContain('TENCENT_SECRET_KEY is not the key of TENCENT_SECRET_ID')
  } finally {
    await cloud.stop()
    data.remove()
  }
})

test('an option that it does not know is one line and exit code 1', async () => {
  const { code, lines } = await runToEnd({ STS_ENDPOINT: LOCAL_CLOUD }, ['--chekc'])
  expect([code, lines]).toEqual([
    1,
    ['unknown option --chekc: there is only --check, which tries the account'],
  ])
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
