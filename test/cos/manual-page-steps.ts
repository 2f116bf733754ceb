import { afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import COS, { type COSOptions, type ObjectUrlParams } from '../../miniprogram/cos'
import { installNodeWx } from '../helpers/node-wx'
import { startCloud } from '../local-cloud/cloud'
import { send } from '../local-cloud/sign'

/** What the samples and the fields of the manual page are tried with. */

export const KEYS = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key' }
export const OBJECT = {
  Bucket: 'examplebucket-1250000000',
  Region: 'ap-beijing',
  Key: 'Profile photo.jpg',
}
export const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'
export const PHOTO = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46])
/** The answer that brings it. */
export const THE_PHOTO = { status: 200, body: PHOTO }

/** The time of the local cloud, in unix seconds. */
let clock = Math.floor(Date.now() / 1000)
export let port: number
export let env: ReturnType<typeof installNodeWx>

/** Lets this many seconds pass at the local cloud. */
export const wait = (seconds: number) => void (clock += seconds)

export const cos = (options: COSOptions = {}) => new COS({ ...KEYS, ...options })

/** The URL that `getObjectUrl` gives to its callback. */
export function callbackUrl(params: ObjectUrlParams, signer = cos()): Promise<string> {
  return new Promise((resolve, reject) => {
    signer.getObjectUrl(params, (err, data) => (data ? resolve(data.Url) : reject(err)))
  })
}

/** Opens a URL as it stands, but at the local cloud, whatever its host resolves to. */
export function open(url: string, method = 'GET', options: Parameters<typeof send>[3] = {}) {
  const [, host, target] = /^https?:\/\/([^/]+)(\/.*)$/.exec(url)!
  return send(port, method, target!, { ...options, headers: { host, ...options.headers } })
}

/** The fields of the signature in a URL, each decoded once. */
export const fields = (url: string) => Object.fromEntries(new URL(url).searchParams)

/** The answer that refuses with a code of COS. */
export const refused = (code: string) => ({ status: code.startsWith('NoSuch') ? 404 : 403, code })

beforeAll(async () => {
  const cloud = await startCloud({ now: () => clock * 1000 })
  port = cloud.port
  for (const Key of [OBJECT.Key, 'exampleobject']) {
    const url = cos().getObjectUrl({ ...OBJECT, Key, Method: 'PUT' })
    const headers = { 'content-type': 'image/jpeg' }
    expect(await open(url, 'PUT', { headers, body: PHOTO })).toMatchObject({ status: 200 })
  }
})

beforeEach(() => {
  clock = Math.floor(Date.now() / 1000)
  env = installNodeWx()
})
afterEach(() => env.restore())
