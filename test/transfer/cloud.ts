import COS from '../../miniprogram/cos/index'
import type { SignRequest } from '../../miniprogram/cos/types'
import type { RequestRecord } from '../../local-cloud/control/request-log'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import { controlOf, type Control } from '../local-cloud/control-client'
import { tempDir } from '../helpers/temp-dir'

/** A local cloud for transfers, with its faults, and a key that may do everything there. */
export interface TransferCloud {
  control: Control
  signRequest: SignRequest
  /** The bytes of an object, or undefined. */
  read(key: string): Promise<Buffer | undefined>
  /** Ids of the multipart uploads under a key that have not ended. */
  uploads(key: string): Promise<string[]>
  /** Requests for a key so far, oldest first: `PUT partNumber=1 200`. */
  requests(key: string): Promise<RequestRecord[]>
  stop(): Promise<void>
}

export async function startTransferCloud(now?: () => number): Promise<TransferCloud> {
  const data = tempDir()
  const cloud = createLocalCloud({ data: data.path, port: 0, controlPort: 0, now })
  const { url, controlUrl } = await cloud.start()
  const control = controlOf(controlUrl)
  const cos = new COS({
    SecretId: 'local-secret-id',
    SecretKey: 'local-secret-key',
    Protocol: 'http:',
    Domain: new URL(url).host,
  })
  const signRequest: SignRequest = async ({ method, key, query, headers, expires }) => {
    const signed = await cos.presign({
      Bucket: 'examplebucket-1250000000',
      Region: 'ap-beijing',
      Method: method,
      Key: key,
      Query: query,
      Headers: headers,
      Expires: expires,
    })
    return { url: signed.Url, method, headers: signed.Headers, expiresAt: signed.ExpiredTime }
  }
  return {
    control,
    signRequest,
    async read(key) {
      const response = await fetch((await signRequest({ method: 'GET', key })).url)
      return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined
    },
    async uploads(key) {
      const query = { uploads: '', prefix: key }
      const response = await fetch((await signRequest({ method: 'GET', key: '', query })).url)
      return [...(await response.text()).matchAll(/<UploadId>([^<]*)</g)].map(([, id]) => id ?? '')
    },
    requests: async (key) => {
      const records = await control.list()
      return records.filter(({ path }) => path === `/${key}`).toReversed()
    },
    async stop() {
      await cloud.stop()
      data.remove()
    },
  }
}
