import http, {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CosRequest {
  method: string
  /** Path and query, as they were sent. */
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface Reply {
  status: number
  headers: Record<string, string>
  body: Buffer
  /** What happens after half of the body. */
  halfway?: 'cut' | 'hang'
}

/** `drop` closes the connection, `hang` never answers; a text is sent in place of HTTP. */
export type Answer = Reply | 'drop' | 'hang' | { raw: string }

/** A man in the middle: answers itself, or has the real cloud answer and alters what it likes. */
export type Attack = (
  request: CosRequest,
  forward: (request: CosRequest) => Promise<Reply>,
) => Answer | Promise<Answer>

export interface HostileCos {
  /** `127.0.0.1:<port>` */
  host: string
  /** Attacks every request that `matches`, until the next call. */
  attack(attack: Attack, matches: (request: CosRequest) => boolean): void
  /** Forwards everything again, and ends what hangs. */
  calm(): void
  stop(): Promise<void>
}

const readAll = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** A server in front of a real cloud, at `cloudHost`. */
export async function startHostileCos(cloudHost: string): Promise<HostileCos> {
  let current: { attack: Attack; matches(request: CosRequest): boolean } | undefined

  async function forward({ method, url, headers, body }: CosRequest): Promise<Reply> {
    const [hostname, port] = cloudHost.split(':')
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      http
        .request({ hostname, port, method, path: url, headers, agent: false }, resolve)
        .on('error', reject)
        .end(body)
    })
    const received = Object.entries(message.headers).map(([name, value]) => [name, String(value)])
    return {
      status: message.statusCode ?? 0,
      headers: Object.fromEntries(received),
      body: await readAll(message),
    }
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = message
    const request = { method, url, headers, body: await readAll(message) }
    const attack = current?.matches(request) ? current.attack : undefined
    send(response, await (attack?.(request, forward) ?? forward(request)))
  }

  const server = http.createServer((message, response) => {
    // A transfer that was canceled closes its connection in the middle of a request.
    handle(message, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    attack(attack, matches) {
      current = { attack, matches }
    },
    calm() {
      current = undefined
      server.closeAllConnections()
    },
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return
  if (answer === 'drop') return void response.destroy()
  if ('raw' in answer) return void response.socket?.end(answer.raw)
  const { status, headers, body, halfway } = answer
  response.writeHead(status, headers)
  if (!halfway) return void response.end(body)
  response.flushHeaders()
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
    if (halfway === 'cut') response.destroy()
  })
}
