import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What to do with the next request: an answer, or `undefined` to leave it unanswered. */
export type Behavior = () => { status?: number; body: string } | undefined

/** Misbehaves as the local cloud's STS never would: refuses, breaks off, talks nonsense. */
export function createFakeSts() {
  let behavior: Behavior = () => ({ body: '{}' })
  let calls = 0
  const server = createServer(async (request, response) => {
    await text(request)
    calls += 1
    const answer = behavior()
    if (answer) response.writeHead(answer.status ?? 200).end(answer.body)
  })
  return {
    calls: () => calls,
    behave(next: Behavior) {
      behavior = next
    },
    async start(): Promise<string> {
      calls = 0
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      })
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    async stop(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

export function refusal(code: string): Behavior {
  return () => ({
    body: JSON.stringify({
      Response: { Error: { Code: code, Message: 'refused' }, RequestId: 'request-1' },
    }),
  })
}

export function grant(seconds = 900, now = Date.now): Behavior {
  let number = 0
  return () => {
    number += 1
    const ExpiredTime = Math.floor(now() / 1000) + seconds
    return {
      body: JSON.stringify({
        Response: {
          Credentials: {
            TmpSecretId: `tmp-id-${number}`,
            TmpSecretKey: `tmp-key-${number}`,
            Token: `tmp-token-${number}`,
          },
          ExpiredTime,
          Expiration: new Date(ExpiredTime * 1000).toISOString(),
          RequestId: `request-${number}`,
        },
      }),
    }
  }
}
