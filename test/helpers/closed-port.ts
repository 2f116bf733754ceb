import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A port of 127.0.0.1 on which nothing listens: one that the system has just given and got back. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
