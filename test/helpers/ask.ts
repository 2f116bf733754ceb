import { once } from 'node:events'
import http from 'node:http'
import { text } from 'node:stream/consumers'

/**
 * Sends a request, with a JSON body where one is given. Works in jsdom, too, which lacks `fetch`. Each
 * has a connection of its own: a server may close one that waits just when the next request takes it.
 */
export async function ask(
  method: string,
  url: string,
  body?: unknown,
): Promise<{ status: number | undefined; text: string }> {
  const headers = { 'content-type': 'application/json' }
  const request = http.request(url, { method, headers, agent: false })
  request.end(body === undefined ? undefined : JSON.stringify(body))
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  return { status: response.statusCode, text: await text(response) }
}

/** As `ask`, and gives what the answer holds. Throws for an answer of failure. */
export async function askJson<Data>(method: string, url: string, body?: unknown): Promise<Data> {
  const answer = await ask(method, url, body)
  if (answer.status !== 200 && answer.status !== 201) throw new Error(answer.text)
  return JSON.parse(answer.text) as Data
}
