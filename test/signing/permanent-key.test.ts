import { describe, expect, test } from '@jest/globals'
import type { BucketKey } from '../../miniprogram/cos'
import { permanentKeyAllowed, permanentKeySigning } from '../../miniprogram/signing/permanent-key'
import { config } from '../../miniprogram/config'
import { environment, cosTime, later, queryOf } from './environment'

const env = environment()

/** The key of the local cloud. */
function localKey(): BucketKey {
  return {
    SecretId: 'local-secret-id',
    SecretKey: 'local-secret-key',
    Bucket: 'examplebucket-1250000000',
    Region: 'ap-beijing',
    Domain: new URL(env.stack.cloud).host,
    Protocol: 'http:',
  }
}

describe('a permanent key', () => {
  test('signs for any key, without the server', async () => {
    const { signRequest, userPrefix } = permanentKeySigning(localKey())
    expect(await userPrefix()).toBe('')
    const put = await signRequest({ method: 'PUT', key: 'anywhere/a' })
    expect((await fetch(put.url, { method: 'PUT', body: 'a' })).status).toBe(200)
    expect(env.asked()).toEqual([])
  })

  test("goes to the bucket's own host over https, unless it says otherwise", async () => {
    const { SecretId, SecretKey, Bucket, Region } = localKey()
    for (const empty of [{}, { Domain: '', Protocol: '' }]) {
      const source = permanentKeySigning({ SecretId, SecretKey, Bucket, Region, ...empty })
      const host = 'https://examplebucket-1250000000.cos.ap-beijing.myqcloud.com/'
      const { url } = await source.signRequest({ method: 'GET', key: 'a' })
      expect(url.startsWith(`${host}a?`)).toBe(true)
      expect((await source.signPostForm({ key: 'a' })).url).toBe(host)
    }
  })

  test.each([-1200, 1200])('signs by the time of COS after a refusal, %i s away', async (ahead) => {
    const { signRequest, signPostForm, signingKey } = permanentKeySigning({
      ...localKey(),
      Clock: () => Date.now() + ahead * 1000,
    })
    const refused = await fetch((await signRequest({ method: 'GET', key: 'never' })).url)
    expect(refused.status).toBe(403)
    const renew = { serverTime: cosTime() }
    const renewed = await signRequest({ method: 'GET', key: 'never', renew })
    expect((await fetch(renewed.url)).status).toBe(404)
    later(1000)
    const next = await signRequest({ method: 'GET', key: 'never' })
    expect((await fetch(next.url)).status).toBe(404)
    const { expiresAt } = await signPostForm({ key: 'a', renew: {} })
    expect(Math.abs(expiresAt - 900 - Date.now() / 1000)).toBeLessThan(60)
    const { Clock } = (await signingKey?.({ method: 'GET' })) ?? {}
    expect(Math.abs(Number(Clock?.()) - Date.now())).toBeLessThan(60_000)
  })

  test('is not the object that was typed into: later changes of it do nothing', async () => {
    const key = localKey()
    const { signRequest } = permanentKeySigning(key)
    key.SecretId = 'another'
    const { url } = await signRequest({ method: 'GET', key: 'a' })
    expect(queryOf(url)['q-ak']).toBe('local-secret-id')
  })
})

describe('a permanent key is refused', () => {
  const NO_CREDENTIALS = expect.objectContaining({ code: 'NO_CREDENTIALS' })

  test.each(['develop', 'trial', 'release'] as const)('or not, in %s', async (envVersion) => {
    await env.replacePhone({ envVersion })
    expect(permanentKeyAllowed()).toBe(envVersion !== 'release')
  })

  test('with a server on https, unless config.ts allows it: reviewers run `develop`, too', async () => {
    const { serverUrl } = config
    try {
      config.serverUrl = 'https://api.example.com'
      expect(permanentKeyAllowed()).toBe(false)
      expect(() => permanentKeySigning(localKey())).toThrow(NO_CREDENTIALS)
      config.permanentKeyForm = true
      expect(permanentKeyAllowed()).toBe(true)
      await env.replacePhone({ envVersion: 'release' })
      expect(permanentKeyAllowed()).toBe(false)
    } finally {
      Object.assign(config, { serverUrl, permanentKeyForm: false })
    }
  })

  test('where the version is not known', () => {
    env.wx.getAccountInfoSync = () => ({ miniProgram: { appId: 'wx0' } }) as never
    expect(permanentKeyAllowed()).toBe(false)
  })

  test('in a release, when it is given', async () => {
    await env.replacePhone({ envVersion: 'release' })
    expect(() => permanentKeySigning(localKey())).toThrow(NO_CREDENTIALS)
  })

  test('in a release, at every call', async () => {
    const { signRequest, signPostForm, signingKey } = permanentKeySigning(localKey())
    await env.replacePhone({ envVersion: 'release' })
    await expect(signRequest({ method: 'GET', key: 'a' })).rejects.toEqual(NO_CREDENTIALS)
    await expect(signPostForm({ key: 'a' })).rejects.toEqual(NO_CREDENTIALS)
    await expect(signingKey?.({ method: 'GET' })).rejects.toEqual(NO_CREDENTIALS)
  })

  test('when there is none, or half of one', () => {
    for (const key of [
      undefined,
      { ...localKey(), SecretId: '' },
      { ...localKey(), SecretKey: '' },
    ]) {
      expect(() => permanentKeySigning(key)).toThrow(NO_CREDENTIALS)
    }
  })

  test('without a word of it in the error', async () => {
    const SecretKey = 'a-secret-that-nobody-may-read'
    const errors: unknown[] = []
    for (const wrong of [
      { SecretId: '' },
      { SecretId: 'an id' },
      { Bucket: 'nobucket' },
      { Region: '' },
      { Domain: 'a b' },
      { Protocol: 'ftp:' },
    ]) {
      const signing = async () =>
        permanentKeySigning({ ...localKey(), SecretKey, ...wrong }).signRequest({
          method: 'GET',
          key: 'a',
        })
      errors.push(await signing().catch((error: unknown) => error))
    }
    const texts = errors.map((error) => JSON.stringify(error) + (error as Error).stack)
    expect(errors.every((error) => error instanceof Error)).toBe(true)
    expect(texts.join()).not.toContain(SecretKey)
  })
})
