import COS from 'cos-nodejs-sdk-v5'

import { createLocalCloud } from '../../local-cloud/local-cloud'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { tempDir } from '../helpers/temp-dir'
import { createClient } from './client'

/** What `POST /credentials` answers, as far as the tests need it. */
export interface Granted {
  credentials: { tmpSecretId: string; tmpSecretKey: string; sessionToken: string }
  bucket: string
  region: string
  host: string
}

export type LocalStack = Awaited<ReturnType<typeof startLocalStack>>

/** The server, before a local cloud of its own, with a user who has logged in. */
export async function startLocalStack(env: Record<string, string> = {}) {
  const data = tempDir()
  const cloud = createLocalCloud({ data: data.path, port: 0 })
  const { url: cloudUrl } = await cloud.start()
  const app = createApp(readConfig({ STS_ENDPOINT: cloudUrl, ...env }))
  const client = await createClient(app)
  const user = await client.login()
  return {
    cloudUrl,
    client,
    user,
    /** Asks in the name of the user. */
    ask: (path: string, body: unknown) => client.post(path, body, user.authorization),
    async stop() {
      await app.close()
      await cloud.stop()
      data.remove()
    },
  }
}

/** A presigned URL by Tencent's own SDK: it lists no header but host. */
export function sdkUrl(
  { credentials, bucket, region, host }: Granted,
  Method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  Key: string,
  Query: Record<string, string> = {},
): string {
  const cos = new COS({
    SecretId: credentials.tmpSecretId,
    SecretKey: credentials.tmpSecretKey,
    SecurityToken: credentials.sessionToken,
  })
  const where = { Bucket: bucket, Region: region, Domain: host, Protocol: 'http:' }
  return cos.getObjectUrl({ ...where, Method, Key, Query, Sign: true }, () => undefined)
}

/** Status of a request whose answer does not matter otherwise. */
export async function statusOf(url: string, init: RequestInit): Promise<number> {
  const response = await fetch(url, init)
  await response.arrayBuffer()
  return response.status
}
