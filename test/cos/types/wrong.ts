import COS, { explain, postForm } from '../../../miniprogram/cos/index'
import type { SignRequest } from '../../../miniprogram/transfer/signing'

/* oxlint-disable no-new -- the constructor is what is tested */

/**
 * What must not compile. The text after each directive is part of what the compiler says about the
 * next line.
 */

const key = { SecretId: 'id', SecretKey: 'key' }
const bucket = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing' }
const object = { ...bucket, Key: 'a.jpg' }
const cos = new COS(key)

// @ts-expect-error 'SecretID' does not exist
new COS({ SecretID: 'id', SecretKey: 'key' })
// @ts-expect-error 'number' is not assignable to type 'string'
new COS({ SecretId: 5, SecretKey: 'key' })
// @ts-expect-error 'string' is not assignable to type 'number'
new COS({ ...key, ExpiredTime: '1700000000' })
// @ts-expect-error 'Date' is not assignable to type 'number'
new COS({ ...key, StartTime: new Date(0) })
// @ts-expect-error 'number' is not assignable to type '() => number'
new COS({ ...key, Clock: 1700000000000 })
// @ts-expect-error 'getAuthorisation' does not exist
new COS({ getAuthorisation: () => undefined })
// @ts-expect-error 'string' is not assignable to type
new COS({ getAuthorization: 'https://example.com/credentials' })
new COS({
  getAuthorization: (request, callback) => {
    // @ts-expect-error 'bucket' does not exist
    callback(request.bucket)
    // @ts-expect-error 'number' is not assignable
    callback(5)
    // @ts-expect-error not assignable
    callback({ TmpSecretId: 'id', TmpSecretKey: 'key', ExpiredTime: 1700000000 })
  },
})

// @ts-expect-error 'Bucket' is missing
cos.getObjectUrl({ Region: 'ap-beijing', Key: 'a.jpg' })
// @ts-expect-error 'Region' is missing
cos.getObjectUrl({ Bucket: 'examplebucket-1250000000', Key: 'a.jpg' })
// @ts-expect-error 'Key' is missing
cos.getObjectUrl(bucket)
// @ts-expect-error 'key' does not exist
cos.getObjectUrl({ ...bucket, key: 'a.jpg' })
// @ts-expect-error 'number' is not assignable to type 'string'
cos.getObjectUrl({ ...bucket, Key: 5 })
// @ts-expect-error 'undefined' is not assignable to type 'string'
cos.getObjectUrl({ ...bucket, Key: undefined })
// @ts-expect-error 'null' is not assignable to type 'string'
cos.getObjectUrl({ ...object, Bucket: null })
// @ts-expect-error 'string' is not assignable to type 'boolean |
cos.getObjectUrl({ ...object, Sign: 'false' })
// @ts-expect-error 'Methods' does not exist
cos.getObjectUrl({ ...object, Methods: 'PUT' })
// @ts-expect-error 'method' does not exist
cos.getObjectUrl({ ...object, method: 'PUT' })
// @ts-expect-error 'true' is not assignable to type 'string | number
cos.getObjectUrl({ ...object, Expires: true })
// @ts-expect-error 'Date' is not assignable to type 'string | number
cos.getObjectUrl({ ...object, Expires: new Date(0) })
// @ts-expect-error 'expires' does not exist
cos.getObjectUrl({ ...object, expires: 60 })
// @ts-expect-error 'string' is not assignable to type 'Fields
cos.getObjectUrl({ ...object, Query: 'a=1' })
// @ts-expect-error 'Date' is not assignable
cos.getObjectUrl({ ...object, Query: { since: new Date(0) } })
// @ts-expect-error 'string[]' is not assignable
cos.getObjectUrl({ ...object, Query: { tag: ['a', 'b'] } })
// @ts-expect-error '[string, string]' is not assignable to type 'string
cos.getObjectUrl({ ...object, Headers: [['host', 'xxx']] })
// @ts-expect-error 'headers' does not exist
cos.getObjectUrl({ ...object, headers: { host: 'xxx' } })
// @ts-expect-error 'number' is not assignable to type 'string'
cos.getObjectUrl({ ...object, Domain: 9000 })
// @ts-expect-error not assignable to parameter of type 'Callback'
cos.getObjectUrl(object, 'callback')
// @ts-expect-error 'url' does not exist
cos.getObjectUrl(object, (_error, data) => data?.url)
// @ts-expect-error 'string' is not assignable to type 'number'
export const returned: number = cos.getObjectUrl(object)

// @ts-expect-error 'Bucket' is missing
void cos.presign({ Region: 'ap-beijing', Key: 'a.jpg' })
// @ts-expect-error 'url' does not exist
void cos.presign(object).then((signed) => signed.url)
// @ts-expect-error 'string' is not assignable to type 'number'
void cos.presign({ ...object }).then((signed): number => signed.Url)

// @ts-expect-error 'key' is missing
void cos.signRequest({ method: 'GET' })
// @ts-expect-error '"PATCH"' is not assignable
void cos.signRequest({ method: 'PATCH', key: 'a.jpg' })
// @ts-expect-error 'number' is not assignable to type 'string'
void cos.signRequest({ method: 'GET', key: 'a.jpg', query: { count: 1 } })
// @ts-expect-error 'Bucket' does not exist
void cos.signRequest({ method: 'GET', key: 'a.jpg', Bucket: 'examplebucket-1250000000' })
// @ts-expect-error 'ContentType' does not exist
void cos.signPostForm({ key: 'a.jpg', ContentType: 'image/jpeg' })
// @ts-expect-error 'Url' does not exist
void cos.signPostForm({ key: 'a.jpg' }).then((form) => form.Url)

// @ts-expect-error 'SecretKey' is missing
COS.getAuthorization({ SecretId: 'id', Method: 'get' })
// @ts-expect-error 'SecretId' is missing
COS.getAuthorization({ SecretKey: 'key', Method: 'get' })
// @ts-expect-error 'number' is not assignable to type 'string'
COS.getAuthorization({ ...key, Method: 1 })
// @ts-expect-error 'Header' does not exist
COS.getAuthorization({ ...key, Header: { host: 'xxx' } })
// @ts-expect-error 'Expire' does not exist
COS.getAuthorization({ ...key, Expire: 60 })

// @ts-expect-error 'Bucket' is missing
postForm({ ...key, Region: 'ap-beijing', Key: 'a.jpg' })
// @ts-expect-error missing the following properties
postForm(object)
// @ts-expect-error 'number' is not assignable to type 'string'
postForm({ ...key, ...bucket, KeyPrefix: 5 })
// @ts-expect-error 'string' is not assignable to type 'number'
postForm({ ...key, ...object, MaxBytes: '1024' })
// @ts-expect-error 'number' is not assignable
postForm({ ...key, ...object, SuccessStatus: 202 })
// @ts-expect-error 'contentType' does not exist
postForm({ ...key, ...object, contentType: 'image/jpeg' })

// @ts-expect-error 'URL' is not assignable to parameter of type 'string'
explain({ href: 'https://example.com/' } as URL)
// @ts-expect-error 'number' is not assignable to type 'string'
explain('https://example.com/', { SecretKey: 5 })
// @ts-expect-error 'undefined' is not assignable to type 'string'
export const signature: string = explain('https://example.com/').Signature

// @ts-expect-error not assignable
export const signRequest: SignRequest = () => 'https://example.com/'
