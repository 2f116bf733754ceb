import { createLocalCloud } from '../../local-cloud/local-cloud'
import COS from '../../miniprogram/cos/index'
import type { SignPostForm, SignRequest } from '../../miniprogram/transfer/signing'
import { tempDir } from '../helpers/temp-dir'
import { controlOf, type Control } from '../helpers/control'

/** A local cloud for transfers, with its faults, and a key that may do everything there. */
export interface TransferCloud {
  control: Control
  /** `127.0.0.1:<port>` */
  host: string
  signRequest: SignRequest
  signPostForm: SignPostForm
  /** The bytes of an object, or undefined. */
  read(key: string): Promise<Buffer | undefined>
  /** The headers of an object. */
  head(key: string): Promise<Headers>
  /** Ids of the multipart uploads under a key that have not ended. */
  uploads(key: string): Promise<string[]>
  stop(): Promise<void>
}

/** The permanent key of the local cloud, and its bucket. */
export const ACCOUNT = {
  SecretId: 'local-secret-id',
  SecretKey: 'local-secret-key',
  Bucket: 'examplebucket-1250000000',
  Region: 'ap-beijing',
  Protocol: 'http:',
}

export async function startTransferCloud(now?: () => number): Promise<TransferCloud> {
  const data = tempDir()
  const cloud = createLocalCloud({ data: data.path, port: 0, controlPort: 0, now })
  const { url, controlUrl } = await cloud.start()
  const { host } = new URL(url)
  const control = controlOf(controlUrl)
  const { signRequest, signPostForm } = new COS({ ...ACCOUNT, Domain: host, Clock: now })
  return {
    control,
    host,
    signRequest,
    signPostForm,
    async read(key) {
      const response = await fetch((await signRequest({ method: 'GET', key })).url)
      return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined
    },
    async head(key) {
      const { url, method } = await signRequest({ method: 'HEAD', key })
      return (await fetch(url, { method })).headers
    },
    async uploads(key) {
      const query = { uploads: '', prefix: key }
      const response = await fetch((await signRequest({ method: 'GET', key: '', query })).url)
      return [...(await response.text()).matchAll(/<UploadId>([^<]*)</g)].map(([, id]) => id ?? '')
    },
    async stop() {
      await cloud.stop()
      data.remove()
    },
  }
}
