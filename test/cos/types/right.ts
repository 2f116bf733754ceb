import COS, {
  explain,
  postForm,
  presignedUrl,
  type COSOptions,
  type Explanation,
  type PostForm,
  type PresignedUrl,
  type SignerError,
} from '../../../miniprogram/cos/index'
import type { SignPostForm, SignRequest } from '../../../miniprogram/transfer/signing'

/** What must compile: every documented way to call the signer, with nothing but documented names. */

const key = { SecretId: 'id', SecretKey: 'key' }
const object = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing', Key: 'a.jpg' }

const constructors: COSOptions[] = [
  {},
  key,
  { ...key, SecurityToken: 'token', StartTime: 1700000000, ExpiredTime: 1700001800 },
  { ...key, Protocol: 'https:', Domain: 'cdn.example.com', Clock: () => 1700000000000 },
  { ...key, Bucket: 'examplebucket-1250000000', Region: 'ap-beijing' },
  { getAuthorization: async (_request, callback) => callback('q-sign-algorithm=sha1') },
  {
    getAuthorization(request, callback) {
      const { Bucket, Region, Method, Key, Pathname, Query, Headers } = request
      const texts: string[] = [Bucket, Region, Method, Key, Pathname]
      callback([...texts, ...Object.keys(Query), ...Object.keys(Headers)].join())
      callback({ Authorization: 'q-sign-algorithm=sha1', SecurityToken: 'token' })
      callback({
        TmpSecretId: 'id',
        TmpSecretKey: 'key',
        SecurityToken: 'token',
        StartTime: 1700000000,
        ExpiredTime: 1700001800,
        ScopeLimit: true,
      })
    },
  },
]

export const cos = new COS(constructors[1])
export const withoutKeys = new COS()

export const authorization: string = COS.getAuthorization({
  ...key,
  Method: 'get',
  Key: 'exampleobject',
  Expires: 60,
  Query: {},
  Headers: {},
})

export const single: string = presignedUrl(key, object, () => 1700000000000)

export const url: string = cos.getObjectUrl({
  ...object,
  Sign: true,
  Method: 'PUT',
  Protocol: 'https:',
  Domain: 'cdn.example.com',
  Query: { text: 'a', count: 1, flag: true, none: undefined },
  Headers: { 'Content-Type': 'image/jpeg', 'Content-Length': 5 },
  Expires: '3600',
})

cos.getObjectUrl(object, (error, data) => {
  const code: string | undefined = (error as SignerError | null)?.code
  const signed: string | undefined = data?.Url
  return code ?? signed
})

export async function presigned(): Promise<string> {
  const signed: PresignedUrl = await cos.presign({ ...object, Method: 'PUT' })
  const headers: Record<string, string> = signed.Headers
  const ends: number = signed.ExpiredTime
  return `${signed.Method} ${signed.Url} ${headers['Content-Type'] ?? ''} ${ends}`
}

export const form: PostForm = postForm({
  ...key,
  ...object,
  SecurityToken: 'token',
  ContentType: 'image/jpeg',
  MinBytes: 1,
  MaxBytes: 1024,
  SuccessStatus: '200',
})
const { Bucket, Region } = object
export const prefixForm = postForm({ ...key, Bucket, Region, KeyPrefix: 'photos/' })
export const fields: Record<string, string> = form.Fields

export const explanation: Explanation = explain(url, { SecretKey: 'key', Method: 'PUT' })
export const steps: string[] = [explanation.HttpString, explanation.StringToSign]

/** A signer of another kind. */
export const signRequest: SignRequest = async ({ method, key, query = {}, headers = {} }) => ({
  url: key + Object.keys(query).join(),
  method,
  headers,
  expiresAt: 1700000000,
})
export const signPostForm: SignPostForm = async ({ key }) => ({
  url: key,
  fields: {},
  expiresAt: 1700000000,
})

/** What transfers take is what the signer has, in both directions. */
export const taken: [SignRequest, SignPostForm] = [cos.signRequest, cos.signPostForm]
export const had: Pick<COS, 'signRequest' | 'signPostForm'> = { signRequest, signPostForm }
