/** Runs a sample of the manual page with the signing source in use. */
import COS, { explain, type BucketKey, type Method } from '../../cos/index'
import {
  serverConfig,
  signingKey,
  signRequest,
  objectKey,
  type ServerConfig,
} from '../../signing/index'
import { authorizationOf, carry } from '../carriers'
import { tryRequest, type ResultView } from '../playground/try-request'
import { getAuthorization } from '../manual-samples/get-authorization'
import { getUnsignedUrl } from '../manual-samples/download-1-unsigned'
import { getSignedUrl } from '../manual-samples/download-2-signed'
import { getUrlByCallback } from '../manual-samples/download-3-callback'
import { getUrlForOneHour } from '../manual-samples/download-4-expires'
import { downloadByUrl } from '../manual-samples/download-5-download'
import { getUrlWithQueryAndHeaders } from '../manual-samples/download-6-query-and-headers'
import { uploadByUrl } from '../manual-samples/upload-1-put-object'
import { photo } from './photo'

/** The object of the manual page, below the user's prefix. */
export const PHOTO = 'Profile photo.jpg'

/** The outcome of a sample. A sample that throws or calls back with an error rejects. */
export interface Outcome {
  url?: string
  authorization?: string
  /** Temporary path of a downloaded file. */
  filePath?: string
  /** The response of COS to what was signed. */
  response?: ResultView
  /** The samples that send a request themselves only report success. */
  status?: number
}

/** What a sample is given. */
interface Context {
  cos: COS
  photo: { Bucket: string; Region: string; Key: string }
  host: string
  /** Undefined where the server signs. */
  key: BucketKey | undefined
}

type Callback<Value> = (error: unknown, value?: Value) => void

/** By name, in the order of the manual page. */
const SAMPLES = {
  'get-authorization': async ({ cos, photo, key }: Context): Promise<Outcome> => {
    if (!key) throw new Error('NO_KEY_HERE')
    const authorization = getAuthorization(key, photo.Key)
    const url = cos.getObjectUrl({ ...photo, Sign: false })
    const token = key.SecurityToken && { 'x-cos-security-token': key.SecurityToken }
    const signed = `${url}?sign=${encodeURIComponent(authorization)}`
    const headers = { Authorization: authorization, ...token }
    return { authorization, response: await get(url, signed, headers) }
  },
  'download-1-unsigned': ({ cos, photo }: Context) => opened(getUnsignedUrl(cos, photo)),
  'download-2-signed': ({ cos, photo }: Context) => opened(getSignedUrl(cos, photo)),
  'download-3-callback': async ({ cos, photo }: Context) =>
    opened(await called<string>((callback) => getUrlByCallback(cos, photo, callback))),
  'download-4-expires': async ({ cos, photo }: Context) =>
    opened(await called<string>((callback) => getUrlForOneHour(cos, photo, callback))),
  'download-5-download': async ({ cos, photo }: Context): Promise<Outcome> => {
    const filePath = await called<string>((callback) => downloadByUrl(cos, photo, callback))
    return { filePath, status: 200 }
  },
  'download-6-query-and-headers': async ({ cos, photo, host }: Context) =>
    opened(
      await called<string>((callback) => getUrlWithQueryAndHeaders(cos, photo, host, callback)),
    ),
  'upload-1-put-object': async ({ cos, photo: target }: Context): Promise<Outcome> => {
    await called((callback) => uploadByUrl(cos, target, photo(), callback))
    return { status: 200 }
  },
}

export type SampleName = keyof typeof SAMPLES

/**
 * Runs a sample and sends a GET with what it signed.
 * @throws what the sample throws or calls back with; ServerError by its `code`
 */
export async function runSample(name: SampleName): Promise<Outcome> {
  const method = name === 'upload-1-put-object' ? 'PUT' : 'GET'
  const Key = await objectKey(PHOTO)
  const key = await signingKey({ method })
  const bucket = key ?? bucketOf(await serverConfig())
  const { Bucket, Region, Domain } = bucket
  return SAMPLES[name]({
    cos: key ? new COS(key) : signedByServer(bucket),
    photo: { Bucket, Region, Key },
    host: Domain || `${Bucket}.cos.${Region}.myqcloud.com`,
    key,
  })
}

type Bucket = Pick<BucketKey, 'Bucket' | 'Region' | 'Protocol' | 'Domain'>

function bucketOf({ bucket, region, protocol, host }: ServerConfig): Bucket {
  return { Bucket: bucket, Region: region, Protocol: protocol, Domain: host }
}

/** As the manual page has it: an asynchronous signature, so only a callback gets the signed URL. */
function signedByServer(bucket: Bucket): COS {
  return new COS({
    ...bucket,
    async getAuthorization({ Method: method, Key: key, Query: query }) {
      const { url } = await signRequest({
        method: method.toUpperCase() as Method,
        key,
        query: query as Record<string, string>,
      })
      const { headers } = carry(url, 'header')
      return {
        Authorization: authorizationOf(url),
        SecurityToken: headers['x-cos-security-token'],
      }
    },
  })
}

/** What a sample calls back with. */
function called<Value>(run: (callback: Callback<Value>) => void): Promise<Value> {
  return new Promise((resolve, reject) => {
    run((error, value) => (error ? reject(error) : resolve(value as Value)))
  })
}

async function opened(url: string): Promise<Outcome> {
  return { url, response: await get(url, url) }
}

/** @param signed the URL with its signature, wherever the request carries it; the plain one if none */
async function get(
  url: string,
  signed: string,
  headers: Record<string, string> = {},
): Promise<ResultView> {
  const method = 'GET'
  const isSigned = signed.includes('q-sign')
  const explanation = isSigned ? explain(signed, { Method: method }) : undefined
  const request = { url, method, headers } as const
  const result = await tryRequest(request, { ...request, typedHeaders: {}, explanation })
  // The advice is to turn on Sign, which is a switch of the workbench.
  return isSigned || !result.failure
    ? result
    : { ...result, failure: { ...result.failure, fix: '' } }
}
