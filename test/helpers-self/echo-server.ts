import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type * as FormParser from '@fastify/busboy'

export interface Received {
  method: string
  url: string
  headers: http.IncomingHttpHeaders
  body: Buffer
}

/** A real server that remembers what it got. `/silent` never answers; `/echo` gives the body back. */
export async function startServer() {
  const received: Received[] = []
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const body = Buffer.concat(chunks)
      received.push({ method, url, headers, body })
      if (url.startsWith('/silent')) return
      if (url.startsWith('/denied')) {
        response.writeHead(403, { 'Content-Type': 'application/xml', 'x-cos-request-id': 'abc' })
        response.end('<Error><Code>AccessDenied</Code></Error>')
      } else if (url.startsWith('/torn')) {
        response.writeHead(200, { 'Content-Length': 1000 })
        response.write('half', () => response.destroy())
      } else if (url.startsWith('/json')) {
        response.setHeader('Set-Cookie', ['a=1', 'b=2'])
        response.end('{"fine":true}')
      } else response.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    last: () => received.at(-1) as Received,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Takes a received form apart with a parser that is not ours. */
export function parseForm({ headers, body }: Received): Promise<{
  parts: string[]
  fields: Record<string, string>
  files: Record<string, Buffer>
}> {
  // Loaded late: it wants a global TextDecoder, which jsdom lacks.
  const { Busboy } = require('@fastify/busboy') as typeof FormParser
  return new Promise((resolve, reject) => {
    const form = {
      parts: [] as string[],
      fields: {} as Record<string, string>,
      files: {} as Record<string, Buffer>,
    }
    const parser = new Busboy({ headers: headers as FormParser.BusboyHeaders })
    parser.on('field', (name, value) => {
      form.parts.push(name)
      form.fields[name] = value
    })
    parser.on('file', (name, stream) => {
      form.parts.push(name)
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => (form.files[name] = Buffer.concat(chunks)))
    })
    parser.on('finish', () => resolve(form)).on('error', reject)
    parser.end(body)
  })
}
