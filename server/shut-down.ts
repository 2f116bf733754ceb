import type { FastifyInstance } from 'fastify'

const SWEEP_MS = 50

/**
 * Stops listening, and lets what runs finish. What still runs after `milliseconds` is cut off.
 *
 * @returns whether everything finished
 */
export async function shutDown(app: FastifyInstance, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false)
  })
  // A connection whose answer is out waits for another request, and would be waited for.
  const sweeper = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS)
  const finished = await Promise.race([app.close().then(() => true), timeout])
  clearTimeout(timer)
  clearInterval(sweeper)
  if (!finished) app.server.closeAllConnections()
  return finished
}
