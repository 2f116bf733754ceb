import type { FastifyInstance } from 'fastify'

/** Listens on a free port and speaks JSON with the server over real HTTP. */
export async function createClient(app: FastifyInstance) {
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  const send = async (method: string, path: string, init: RequestInit = {}) => {
    const response = await fetch(url + path, { method, ...init })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send('POST', path, {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  return {
    url,
    send,
    get: (path: string) => send('GET', path),
    post,
    async login(code = 'code-1') {
      const { body } = await post('/session', { code })
      return {
        prefix: body.prefix as string,
        authorization: { authorization: `Bearer ${body.token}` },
      }
    },
  }
}
