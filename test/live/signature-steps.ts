import { createHash } from 'node:crypto'
import COS, { type Method } from '../../miniprogram/cos/index'
import { expectAnswer, expectBytes, expectEqual } from './expect-answer'
import type { Step } from './step'
import { sign, type Target } from './target'

/** Each has broken a signer somewhere. */
const HARD_KEYS = [
  'a b+c.txt',
  '照片/头像 🙂.png',
  "it's (1)!*~.txt",
  'q?x=1&y=2#z%41.txt',
  'a//b.txt',
  ';,:@$=[].txt',
  '%E4%BD%A0.txt',
  'UPPER/lower.TXT',
]

/** Presigned requests, by the permanent key of the account. */
export const signatureSteps: Step[] = [
  { name: 'hard keys, with PUT, HEAD, GET and DELETE', run: hardKeys },
  { name: 'an empty object', run: emptyObject },
  { name: 'an object without a type has that of its extension', run: untypedObject },
  { name: 'signed headers are stored', run: signedHeaders },
  { name: 'signed parameters and headers of a GET', run: signedParameters },
  { name: 'three carriers of a signature', run: carriers },
]

async function hardKeys(target: Target): Promise<void> {
  for (const name of HARD_KEYS) {
    const key = target.key(name)
    const content = Buffer.from(`the content of ${name}`)
    const ask = async (what: string, method: Method, body?: Buffer) =>
      target.send(what, await sign(target.account, { method, key }), body)

    expectAnswer(`PUT ${name}`, await ask(`PUT ${name}`, 'PUT', content), 200)
    const head = await ask(`HEAD ${name}`, 'HEAD')
    expectAnswer(`HEAD ${name}`, head, 200)
    expectEqual(`HEAD ${name}`, head.headers.get('content-length'), String(content.length))
    const get = await ask(`GET ${name}`, 'GET')
    expectAnswer(`GET ${name}`, get, 200)
    expectBytes(`GET ${name}`, get.body, content)
    expectAnswer(`DELETE ${name}`, await ask(`DELETE ${name}`, 'DELETE'), 204)
    const gone = await ask(`GET ${name}, deleted`, 'GET')
    expectAnswer(`GET ${name}, deleted`, gone, 404, 'NoSuchKey')
  }
}

async function emptyObject(target: Target): Promise<void> {
  const key = target.key('empty.txt')
  const put = await sign(target.account, { method: 'PUT', key })
  expectAnswer('PUT', await target.send('PUT', put, Buffer.alloc(0)), 200)
  const get = await target.send('GET', await sign(target.account, { method: 'GET', key }))
  expectAnswer('GET', get, 200)
  expectEqual('GET', get.body.length, 0)
}

async function untypedObject(target: Target): Promise<void> {
  const key = target.key('untyped.zip')
  const put = await sign(target.account, { method: 'PUT', key })
  expectAnswer('PUT', await target.send('PUT', put, Buffer.from('zip')), 200)
  const head = await target.send('HEAD', await sign(target.account, { method: 'HEAD', key }))
  expectEqual('HEAD', head.headers.get('content-type'), 'application/zip')
}

async function signedHeaders(target: Target): Promise<void> {
  const key = target.key('headers.txt')
  const content = Buffer.from('with headers')
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'max-age=60',
    'Content-Disposition': 'attachment; filename="a b.txt"',
    'Content-MD5': createHash('md5').update(content).digest('base64'),
    'x-cos-meta-note': 'a+b c',
  }
  const put = await sign(target.account, { method: 'PUT', key, headers })
  const answer = await target.send('PUT', put, content)
  expectAnswer('PUT', answer, 200)
  const etag = `"${createHash('md5').update(content).digest('hex')}"`
  expectEqual('ETag of the PUT', answer.headers.get('etag'), etag)

  const head = await target.send('HEAD', await sign(target.account, { method: 'HEAD', key }))
  expectAnswer('HEAD', head, 200)
  for (const name of ['Content-Type', 'Cache-Control', 'x-cos-meta-note'] as const) {
    expectEqual(name, head.headers.get(name), headers[name])
  }
}

async function signedParameters(target: Target): Promise<void> {
  const key = target.key('parameters.txt')
  const put = await sign(target.account, { method: 'PUT', key })
  expectAnswer('PUT', await target.send('PUT', put, Buffer.from('0123456789')), 200)

  const query = {
    'response-content-disposition': 'attachment; filename="照片 (1).txt"',
    'response-cache-control': 'no-cache',
    'response-content-type': 'application/octet-stream',
  }
  const named = await sign(target.account, { method: 'GET', key, query })
  const get = await target.send('GET with response-*', named)
  expectAnswer('GET with response-*', get, 200)
  expectEqual('Cache-Control', get.headers.get('cache-control'), 'no-cache')
  expectEqual('Content-Type', get.headers.get('content-type'), 'application/octet-stream')

  const headers = { Range: 'bytes=2-4' }
  const range = await sign(target.account, { method: 'GET', key, headers })
  const part = await target.send('GET of a range', range)
  expectAnswer('GET of a range', part, 206)
  expectEqual('GET of a range', part.text, '234')

  const etag = get.headers.get('etag') ?? ''
  const known = { 'If-None-Match': etag }
  const again = await sign(target.account, { method: 'GET', key, headers: known })
  expectAnswer('GET of a known ETag', await target.send('GET of a known ETag', again), 304)
}

async function carriers(target: Target): Promise<void> {
  const { account } = target
  const key = target.key('carriers/照片 1.txt')
  const put = await sign(account, { method: 'PUT', key })
  expectAnswer('PUT', await target.send('PUT', put, Buffer.from('carried')), 200)

  const plain = `${account.Protocol}//${account.Domain}/${encodeURI(key)}`
  const authorization = COS.getAuthorization({
    ...account,
    Method: 'GET',
    Key: key,
    Headers: { Host: account.Domain },
  })
  const requests = {
    'flat parameters': (await sign(account, { method: 'GET', key })).url,
    'the parameter sign': `${plain}?sign=${encodeURIComponent(authorization)}`,
    'the header Authorization': plain,
  }
  for (const [carrier, url] of Object.entries(requests)) {
    const headers = url === plain ? { authorization } : undefined
    const get = await target.send(`GET by ${carrier}`, { url, method: 'GET', headers })
    expectAnswer(`GET by ${carrier}`, get, 200)
    expectEqual(`GET by ${carrier}`, get.text, 'carried')
  }
}
