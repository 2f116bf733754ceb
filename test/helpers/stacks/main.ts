import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Parts } from '../../../scripts/start/parts'
import type * as NewStack from './new-stack'

/**
 * Keeps the stacks of a whole run in one process, which loads the code and builds the preview once:
 * `POST /` starts one, `DELETE /<id>` ends it.
 */

const running = new Map<string, Parts>()

async function start() {
  // Not before it is asked for: many runs need no stack.
  const { newStack } = require('./new-stack') as typeof NewStack
  const parts = await newStack()
  const id = randomUUID()
  running.set(id, parts)
  return { id, ...parts }
}

async function end(id: string): Promise<void> {
  await running.get(id)?.stop()
  running.delete(id)
}

const server = createServer((request, response) => {
  const { method, url = '' } = request
  const answer = method === 'POST' ? start() : end(url.slice(1))
  answer.then(
    (value) => response.end(JSON.stringify(value ?? null)),
    (error: Error) => response.writeHead(500).end(error.stack),
  )
})
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
// By stacks/tear-down.ts, or because Jest is gone.
process.once('disconnect', () => {
  void Promise.all([...running.keys()].map(end)).then(() => process.exit())
})
