import { afterEach, describe, expect, test } from '@jest/globals'

import { closedPort } from '../helpers/closed-port'
import { until } from '../helpers/until'
import { SKIPPED, startRedis, testWithRedis } from './redis-process'
import { LOCAL_CLOUD, runToEnd, withServer } from './server-process'

const PASSWORD = 'p/ss:w@rd%'
let redis: Awaited<ReturnType<typeof startRedis>> | undefined
afterEach(() => redis?.stop())

const login = (url: string) =>
  fetch(`${url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"code":"x"}',
  })

async function statuses(count: number, ask: () => Promise<Response>): Promise<number[]> {
  const answers: number[] = []
  for (let i = 0; i < count; i++) answers.push((await ask()).status)
  return answers
}

/** Lines of the log that tell of Redis. */
const tellingOf = (output: string) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('Redis is'))
    .map((line): string => JSON.parse(line).msg)

/** The statuses of a user's requests and of an address's, to two processes with one new Redis. */
async function askTwoProcesses() {
  await redis?.stop()
  redis = await startRedis({ password: PASSWORD })
  const limits = { RATE_LIMIT_PER_ADDRESS: '6', RATE_LIMIT_PER_USER: '2' }
  const env = { RATE_LIMIT_REDIS: redis.url, SESSION_SECRET: 's'.repeat(32), ...limits }
  let found = { own: [0], config: [0], retryAfter: 0 }
  let outputs: (() => string)[] = []
  await withServer(env, (one, _one, outputOfOne) =>
    withServer(env, async (two, _two, outputOfTwo) => {
      const { token } = await (await login(one)).json()
      const own = (url: string) =>
        fetch(`${url}/post-form`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: '{}',
        })
      outputs = [outputOfOne, outputOfTwo]
      const ownStatuses = [...(await statuses(2, () => own(one))), (await own(two)).status]
      const config = await statuses(3, () => fetch(`${two}/config`))
      const last = await fetch(`${one}/config`)
      found = {
        own: ownStatuses,
        config: [...config, last.status],
        retryAfter: Number(last.headers.get('retry-after')),
      }
    }),
  )
  return { ...found, output: outputs.map((output) => output()).join('') }
}

describe(`with RATE_LIMIT_REDIS${SKIPPED}`, () => {
  testWithRedis('two processes count together, each counter by itself', async () => {
    let found = await askTwoProcesses()
    // A busy machine may take longer than the 50 ms that a request waits for Redis.
    while (tellingOf(found.output).length > 0) found = await askTwoProcesses()
    // The address may send six requests in all, to either process.
    expect(found).toMatchObject({ own: [400, 400, 429], config: [200, 200, 429, 429] })
    expect(found.retryAfter).toBeGreaterThan(0)
    expect(found.output).not.toContain('p/ss')
    expect(found.output).not.toContain(encodeURIComponent(PASSWORD))
  })

  testWithRedis('many requests of one address leave its logins free', async () => {
    redis = await startRedis()
    await withServer({ RATE_LIMIT_REDIS: redis.url }, async (url) => {
      await Promise.all(Array.from({ length: 601 }, () => fetch(`${url}/config`)))
      expect((await login(url)).status).toBe(200)
    })
  })

  const outages = [
    ['is away', 'stop', 'restart'],
    ['is frozen', 'freeze', 'thaw'],
  ] as const
  for (const [name, lose, bringBack] of outages) {
    testWithRedis(
      `while Redis ${name}, every request gets its answer and none is refused`,
      async () => {
        redis = await startRedis()
        const { url: redisUrl, [lose]: begin, [bringBack]: end } = redis
        const env = { RATE_LIMIT_REDIS: redisUrl, RATE_LIMIT_PER_ADDRESS: '2' }
        await withServer(env, async (url, _child, output) => {
          const ask = () => fetch(`${url}/config`)
          // A busy machine may take longer than the 50 ms that a request waits for Redis.
          const areCounted = async () => (await statuses(3, ask)).includes(429)
          await until(areCounted, 'requests are counted')
          const before = tellingOf(output()).length
          await begin()
          expect(new Set(await statuses(40, ask))).toEqual(new Set([200]))
          expect(tellingOf(output()).slice(before)).toEqual([
            'Redis is away: requests are not counted',
          ])
          await end()
          await until(() => tellingOf(output()).length > before + 1, 'the return')
          expect(tellingOf(output())[before + 1]).toBe('Redis is back: requests are counted')
          await until(areCounted, 'requests are counted again')
        })
      },
    )
  }
})

describe(`a RATE_LIMIT_REDIS that cannot be used is one line and exit code 1${SKIPPED}:`, () => {
  const linesWith = async (RATE_LIMIT_REDIS: string) => {
    const { code, lines } = await runToEnd({
      STS_ENDPOINT: LOCAL_CLOUD,
      PORT: '0',
      RATE_LIMIT_REDIS,
    })
    expect(code).toBe(1)
    expect(lines.join()).not.toContain('s3cret')
    return lines
  }

  test('unreachable', async () => {
    const host = `127.0.0.1:${await closedPort()}`
    expect(await linesWith(`redis://:s3cret@${host}`)).toEqual([
      `RATE_LIMIT_REDIS: ${host} cannot be used: connect ECONNREFUSED ${host}`,
    ])
  })

  testWithRedis('wrong password', async () => {
    redis = await startRedis({ password: PASSWORD })
    const url = new URL(redis.url)
    url.password = 's3cret'
    expect(await linesWith(url.href)).toEqual([
      `RATE_LIMIT_REDIS: ${url.host} cannot be used: WRONGPASS invalid username-password pair or user is disabled.`,
    ])
  })

  testWithRedis('no password', async () => {
    redis = await startRedis({ password: PASSWORD })
    const { host } = new URL(redis.url)
    expect(await linesWith(`redis://${host}`)).toEqual([
      `RATE_LIMIT_REDIS: ${host} cannot be used: NOAUTH Authentication required.`,
    ])
  })

  testWithRedis('frozen', async () => {
    redis = await startRedis()
    redis.freeze()
    expect(await linesWith(redis.url)).toEqual([
      expect.stringMatching(/^RATE_LIMIT_REDIS: 127\.0\.0\.1:\d+ cannot be used: /),
    ])
  })
})
