import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestOutcome } from './request-outcome'

/** Whether somebody opens the plain address in a browser. Clients of COS ask for no HTML. */
export function isVisit({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    url === '/' &&
    headers.authorization === undefined &&
    /\btext\/html\b/.test(headers.accept ?? '')
  )
}

/** Says in one line what this is, where COS would refuse a request without a signature. */
export async function welcome(
  response: ServerResponse,
  controlUrl: string | undefined,
): Promise<RequestOutcome> {
  const [english, chinese] = controlUrl
    ? [` Console: ${controlUrl}/`, `控制台：${controlUrl}/`]
    : ['', '']
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(
    `Local cloud: COS and STS for development.${english} | 本地云：开发用的 COS 与 STS。${chinese}\n`,
  )
  return { status: 200 }
}
