import { once } from 'node:events'
import http from 'node:http'
import { text } from 'node:stream/consumers'

/** Addresses without a trailing slash. */
export interface Stack {
  preview: string
  server: string
  cloud: string
  control: string
  stop(): Promise<void>
}

/** All that `npm start` starts, for real, on free ports, with an empty data folder. */
export async function startStack(): Promise<Stack> {
  const { id, ...urls } = await ask('POST', '')
  return {
    ...urls,
    stop: async () => {
      await ask('DELETE', id)
    },
  }
}

/** Asks what stacks/set-up.ts has started. Not with `fetch`, which jsdom lacks. */
async function ask(method: string, id: string): Promise<Omit<Stack, 'stop'> & { id: string }> {
  const request = http.request(`${process.env['STACKS_URL']}/${id}`, { method }).end()
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const body = await text(response)
  if (response.statusCode !== 200) throw new Error(body)
  return JSON.parse(body) as Omit<Stack, 'stop'> & { id: string }
}
