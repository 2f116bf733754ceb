import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { createCode2Session } from '../../server/code2session'

let answer = ''
let asked = ''
const weChat = createServer((request, response) => {
  asked = request.url ?? ''
  // WeChat sends its JSON as text/plain.
  response.writeHead(200, { 'content-type': 'text/plain' }).end(answer)
})
let origin = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    weChat.listen(0, '127.0.0.1', resolve)
  })
  origin = `http://127.0.0.1:${(weChat.address() as AddressInfo).port}`
})
afterAll(async () => {
  weChat.closeAllConnections()
  await new Promise((resolve) => {
    weChat.close(resolve)
  })
})

const login = (body: string, at = origin) => {
  answer = body
  return createCode2Session({ appId: 'wx1', secret: 'se/cret' }, at)('co&de')
}

test('asks as WeChat wants it, and keeps nothing but the openid', async () => {
  await expect(login('{"openid":"o-1","session_key":"k","unionid":"u"}')).resolves.toEqual({
    openid: 'o-1',
  })
  expect(asked).toBe(
    '/sns/jscode2session?appid=wx1&secret=se%2Fcret&js_code=co%26de&grant_type=authorization_code',
  )
})

test.each([
  [40029, 401, 'UNAUTHENTICATED'],
  [40163, 401, 'UNAUTHENTICATED'],
  [40226, 403, 'LOGIN_BLOCKED'],
  [45011, 503, 'WECHAT_BUSY'],
  [-1, 503, 'WECHAT_BUSY'],
  [40013, 502, 'WECHAT_FAILED'],
  [40125, 502, 'WECHAT_FAILED'],
])('errcode %d is %d %s', async (errcode, statusCode, code) => {
  await expect(login(JSON.stringify({ errcode, errmsg: 'said WeChat' }))).rejects.toMatchObject({
    statusCode,
    code,
    detail: String(errcode),
  })
})

test.each(['', '<html>', 'null', '[]', '{}', '{"openid":""}', '{"openid":1}'])(
  'an answer %j logs nobody in',
  async (body) => {
    await expect(login(body)).rejects.toMatchObject({ statusCode: 502, code: 'WECHAT_FAILED' })
  },
)

test('WeChat away is a failure, and its message holds no secret', async () => {
  const error = await login('', 'http://127.0.0.1:1').catch((reason: Error) => reason)
  expect(error).toMatchObject({ statusCode: 502, code: 'WECHAT_FAILED' })
  expect(String((error as Error).cause)).not.toContain('cret')
})
