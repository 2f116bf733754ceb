import COS, { explain, type Explanation, type Method } from '../../../cos/index'
import { signRequest, type SigningKey } from '../../../signing/index'
import { fieldOf, readHeaders, readQuery } from '../fields'

/** The fields of the manual page, as they are typed. */
export interface Form {
  Method: Method
  Key: string
  Query: string
  Headers: string
  Expires: string
  Sign: boolean
  Protocol: string
  Domain: string
  Bucket: string
  Region: string
}

export interface Signed {
  method: Method
  /** With flat `q-…` parameters; plain where it was not to be signed. */
  url: string
  /** To be sent with it: all that were typed but those that the platform sets. */
  headers: Record<string, string>
  /** Undefined where nothing is signed. */
  explanation: Explanation | undefined
}

/**
 * Signs what is typed with a key on the phone.
 * @throws TypeError of the signer, naming the field; SignerError `CREDENTIALS_EXPIRED`
 */
export function signForm(form: Form, key: SigningKey): Signed {
  const { Method, Key, Expires, Sign, Protocol, Bucket, Region } = form
  const Headers = readHeaders(form.Headers).fields
  const url = new COS({ ...key, Domain: undefined }).getObjectUrl({
    Method,
    Key,
    Sign,
    Protocol,
    Bucket,
    Region,
    Headers,
    Query: readQuery(form.Query).fields,
    Domain: form.Domain || undefined,
    Expires: Expires || undefined,
  })
  const explanation = Sign ? explain(url, { Method, Headers, SecretKey: key.SecretKey }) : undefined
  return { method: Method, url, headers: sendable(Headers), explanation }
}

/**
 * Has the server sign what is typed.
 * @throws ServerError by its `code`
 */
export async function signFormAtServer(form: Form): Promise<Signed> {
  const Headers = readHeaders(form.Headers).fields
  const { url, headers } = await signRequest({
    method: form.Method,
    key: form.Key,
    query: readQuery(form.Query).fields,
    headers: Headers,
    ...(form.Expires && { expires: Number(form.Expires) }),
  })
  const explanation = explain(url, { Method: form.Method, Headers })
  return { method: form.Method, url, headers, explanation }
}

/** What the platform sets itself, and refuses to be told. */
export function sendable(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers)
  return Object.fromEntries(entries.filter(([name]) => !/^(host|content-length)$/i.test(name)))
}

/** Whether wx.request will set a type of its own, `application/json`. */
export function lacksType(method: string, headers: Record<string, string>): boolean {
  return hasBody(method) && fieldOf(headers, 'content-type') === undefined
}

export function hasBody(method: string): boolean {
  return method === 'PUT' || method === 'POST'
}
