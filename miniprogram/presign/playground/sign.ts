import COS, { explain, type Explanation, type Method } from '../../cos/index'
import { signRequest, type BucketKey } from '../../signing/index'
import { carry, type Carrier } from '../carriers'
import type { ReadyRequest } from '../copy-as'
import { readHeaders, readQuery } from '../fields'

/** Seconds. */
const DEFAULT_EXPIRES = 900

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
  /** All that were typed. */
  typedHeaders: Record<string, string>
  /** Undefined where nothing is signed. */
  explanation: Explanation | undefined
  /** Seconds of validity that were asked for. */
  expires?: number
}

/**
 * Signs what is typed with a key on the phone.
 * @throws TypeError of the signer, naming the field; SignerError `CREDENTIALS_EXPIRED`
 */
export function signForm(form: Form, key: BucketKey): Signed {
  const { Method: method, Domain, Expires } = form
  const Headers = readHeaders(form.Headers).fields
  const Query = readQuery(form.Query).fields
  const url = new COS({ ...key, Domain: undefined }).getObjectUrl({
    ...form,
    Headers,
    Query,
    Domain: Domain || undefined,
    Expires: Expires || undefined,
  })
  const options = { Method: method, Headers, SecretKey: key.SecretKey }
  const explanation = form.Sign ? explain(url, options) : undefined
  return {
    method,
    url,
    headers: sendable(Headers),
    typedHeaders: Headers,
    explanation,
    expires: Number(Expires || DEFAULT_EXPIRES),
  }
}

/**
 * Has the server sign what is typed.
 * @throws ServerError by its `code`
 */
export function signFormAtServer(form: Form): Promise<Signed> {
  const { Method: method, Key: key } = form
  const Headers = readHeaders(form.Headers).fields
  const query = readQuery(form.Query).fields
  const expires = form.Expires ? { expires: Number(form.Expires) } : {}
  return signRequest({ method, key, query, headers: Headers, ...expires }).then(
    ({ url, headers }) => ({
      method,
      url,
      headers,
      typedHeaders: Headers,
      explanation: explain(url, { Method: method, Headers }),
      ...expires,
    }),
  )
}

/** What is signed, in a carrier, with the headers that are sent and the body of a PUT or POST. */
export function readyRequest(
  { method, url, explanation }: Signed,
  carrier: Carrier,
  headers: Record<string, string>,
  body: string,
): ReadyRequest & { carried: Record<string, string> } {
  const carried = carry(url, explanation ? carrier : 'flat')
  return {
    url: carried.url,
    method,
    headers: { ...sendable(headers), ...carried.headers },
    carried: carried.headers,
    body: hasBody(method) ? body : undefined,
  }
}

export function hasBody(method: Method): boolean {
  return method === 'PUT' || method === 'POST'
}

/** Without what the platform sets itself, and refuses to be told. */
function sendable(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers)
  return Object.fromEntries(entries.filter(([name]) => !/^(host|content-length)$/i.test(name)))
}
