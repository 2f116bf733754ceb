import { describe, expect, test } from '@jest/globals'
import { serverSigning } from '../../miniprogram/signing/server-signed'
import { createSession } from '../../miniprogram/signing/session'
import { closedPort } from '../helpers/closed-port'
import { environment, later, queryOf } from './environment'

const env = environment()

const source = () => serverSigning(createSession())

describe('the server signs', () => {
  test('each request and each form, and no key reaches the phone', async () => {
    const { userPrefix, signRequest, signPostForm } = source()
    const key = `${await userPrefix()}a`
    await signRequest({ method: 'PUT', key })
    await signRequest({ method: 'PUT', key })
    await signPostForm({ key })
    expect(env.asked()).toEqual(['/session', '/presign', '/presign', '/post-form'])
  })

  test('the headers, the parameters and the lifetime that it is told', async () => {
    const { userPrefix, signRequest } = source()
    const { url, ...signed } = await signRequest({
      method: 'PUT',
      key: `${await userPrefix()}a`,
      query: { partNumber: '1', uploadId: 'u' },
      headers: { 'Content-Type': 'image/png' },
      expires: 60,
    })
    expect(signed).toMatchObject({ method: 'PUT', headers: { 'Content-Type': 'image/png' } })
    expect(Math.abs(signed.expiresAt - 60 - Date.now() / 1000)).toBeLessThan(30)
    expect(queryOf(url)).toMatchObject({
      'q-header-list': 'content-type;host',
      'q-url-param-list': 'partnumber;uploadid',
    })
  })

  test('a form as it is told', async () => {
    const { userPrefix, signPostForm } = source()
    const key = `${await userPrefix()}a`
    const { fields } = await signPostForm({ key, contentType: 'image/png', maxBytes: 10 })
    expect(fields).toMatchObject({ key, 'Content-Type': 'image/png' })
    const policy = Buffer.from(fields['policy'] ?? '', 'base64').toString()
    expect(policy).toContain('["content-length-range",0,10]')
  })

  test('again when it is asked to, with a key that lasts', async () => {
    const { userPrefix, signRequest } = source()
    const key = `${await userPrefix()}never`
    const first = await signRequest({ method: 'GET', key })
    later(901)
    expect((await fetch(first.url)).status).toBe(400)
    const renewed = await signRequest({ method: 'GET', key, renew: {} })
    expect((await fetch(renewed.url)).status).toBe(404)
  })
})

describe('a refusal of the server', () => {
  test("of another user's key is KEY_NOT_ALLOWED", async () => {
    const { signRequest, signPostForm } = source()
    const key = 'users/00000000000000000000000000000000/a'
    const refusal = { code: 'KEY_NOT_ALLOWED', statusCode: 403 }
    await expect(signRequest({ method: 'GET', key })).rejects.toMatchObject(refusal)
    await expect(signPostForm({ key })).rejects.toMatchObject(refusal)
  })

  test('of a form above its limit is FILE_TOO_LARGE, with the limit', async () => {
    const { userPrefix, signPostForm } = source()
    const key = `${await userPrefix()}a`
    const limit = 100 * 1024 * 1024
    await expect(signPostForm({ key, maxBytes: limit })).resolves.toBeDefined()
    await expect(signPostForm({ key, maxBytes: limit + 1 })).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      statusCode: 413,
      limit,
    })
  })

  test.each([
    ['what the app never does', { method: 'DELETE' }, 403, 'OPERATION_NOT_ALLOWED'],
    ['another sub-resource', { query: { acl: '' } }, 403, 'OPERATION_NOT_ALLOWED'],
    ['a foreign header', { headers: { 'x-cos-acl': 'public-read' } }, 403, 'OPERATION_NOT_ALLOWED'],
    ['what is no lifetime', { expires: -1 }, 400, 'INVALID_REQUEST'],
  ] as const)('of %s is SERVER_REFUSED', async (_what, wrong, statusCode, errorCode) => {
    const { userPrefix, signRequest } = source()
    const key = `${await userPrefix()}a`
    await expect(signRequest({ method: 'PUT', key, ...wrong })).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      statusCode,
      errorCode,
      errorMessage: expect.any(String),
    })
  })

  test('to answer is SERVER_UNREACHABLE', async () => {
    env.wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    await expect(source().signPostForm({ key: 'a' })).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    })
  })
})
