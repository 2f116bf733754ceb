import COS, {
  postForm,
  type SignableForm,
  type SignableRequest,
  type SignedForm,
  type SignedRequest,
} from '../cos/index'
import type { Signing, SigningKey } from './types'

/** What a key is asked for. A form is a POST. */
export type KeyRequest = Pick<SignableRequest, 'method' | 'query' | 'renew'>

/** Signs on the phone, with the key that `keyFor` gives. */
export function signWithKey(
  keyFor: (request: KeyRequest) => Promise<SigningKey>,
): Required<Pick<Signing, 'signRequest' | 'signPostForm' | 'signingKey'>> {
  return {
    signRequest: (request) => keyFor(request).then((key) => signRequestWith(key, request)),
    signPostForm: (form) =>
      keyFor({ method: 'POST', renew: form.renew }).then((key) => signPostFormWith(key, form)),
    signingKey: keyFor,
  }
}

export async function signRequestWith(
  key: SigningKey,
  { method, key: Key, query, headers, expires }: SignableRequest,
): Promise<SignedRequest> {
  const request = { Method: method, Key, Query: query, Headers: headers, Expires: expires }
  const { Url, Headers, ExpiredTime } = await new COS(key).presign({ ...key, ...request })
  return { url: Url, method, headers: Headers, expiresAt: ExpiredTime }
}

function signPostFormWith(
  key: SigningKey,
  { key: Key, contentType, maxBytes = key.maxBytes, expires }: SignableForm,
): SignedForm {
  if (maxBytes && key.maxBytes && maxBytes > key.maxBytes) throw tooLarge(maxBytes, key.maxBytes)
  const form = { Key, ContentType: contentType, MaxBytes: maxBytes, Expires: expires }
  const { Url, Fields, ExpiredTime } = postForm({ ...key, ...form })
  return { url: Url, fields: Fields, expiresAt: ExpiredTime }
}

function tooLarge(size: number, limit: number): Error {
  const message = `the server allows uploads of ${limit} bytes, not ${size}`
  return Object.assign(new Error(message), { code: 'FILE_TOO_LARGE', errorMessage: message, limit })
}
