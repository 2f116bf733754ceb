import COS, {
  postForm,
  type Credentials,
  type ObjectLocation,
  type SignableForm,
  type SignableRequest,
  type SignedForm,
  type SignedRequest,
} from '../cos/index'

/** A key on the phone, and the bucket that it opens. */
export interface SigningKey extends Credentials, Omit<ObjectLocation, 'Key'> {
  Protocol: string
  /** The current time in milliseconds, whatever the phone's clock says. */
  Clock: () => number
}

export async function signRequestWith(
  key: SigningKey,
  { method, key: Key, query, headers, expires }: SignableRequest,
): Promise<SignedRequest> {
  const signed = await new COS(key).presign({
    ...key,
    Method: method,
    Key,
    Query: query,
    Headers: headers,
    Expires: expires,
  })
  return { url: signed.Url, method, headers: signed.Headers, expiresAt: signed.ExpiredTime }
}

export function signPostFormWith(
  key: SigningKey,
  { key: Key, contentType, maxBytes, expires }: SignableForm,
): SignedForm {
  const form = postForm({
    ...key,
    Key,
    ContentType: contentType,
    MaxBytes: maxBytes,
    Expires: expires,
  })
  return { url: form.Url, fields: form.Fields, expiresAt: form.ExpiredTime }
}
