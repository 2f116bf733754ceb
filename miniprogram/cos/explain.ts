import { httpString, signature, signKey, stringToSign, type CanonicalField } from './authorization'
import { urlEncode } from './encode'
import { checkText } from './errors'
import { objectPath } from './object-url'
import type { Explanation, ExplainOptions, Fields, SignedField } from './types'

type Entry = [name: string, value: string]

const PARTS = [
  'q-sign-algorithm',
  'q-ak',
  'q-sign-time',
  'q-key-time',
  'q-header-list',
  'q-url-param-list',
  'q-signature',
]

/**
 * Takes a signature apart: who signed what until when, and every string on the way from the
 * request to the signature, to be held against the FormatString and StringToSign of a 403.
 * Works on any COS URL and any Authorization of any signer.
 * @param signed an absolute URL with `q-…` or `sign` parameters, or an Authorization string
 * @throws TypeError when no signature is in it; URIError when it is not percent-encoded UTF-8
 */
export function explain(signed: string, options: ExplainOptions = {}): Explanation {
  const [, host, path, query] =
    /^https?:\/\/([^/?#]+)([^?#]*)\??([^#]*)/i.exec(String(signed)) ?? []
  const params = host
    ? split(query!).map(([name, value]): Entry => [decode(name), decode(value)])
    : entries(options.Query)
  const sign = find(params, 'sign')
  const given = sign ? split(sign) : host ? params : split(String(signed))
  const [, SecretId, SignTime, KeyTime, headerList, paramList, GivenSignature] = PARTS.map((part) =>
    checkText(part, find(given, part), /^/, 'there'),
  ) as [string, string, string, string, string, string, string]

  const SignedHeaders = lookUp(headerList, [...entries(options.Headers), ['host', host ?? '']])
  const SignedParams = lookUp(paramList, params)
  const Pathname = host ? decode(path || '/') : objectPath(options.Key)
  const HttpString = httpString({
    method: (options.Method ?? 'get').toLowerCase(),
    pathname: Pathname,
    query: SignedParams.map(toPair),
    headers: SignedHeaders.map(toPair),
  })
  const StringToSign = stringToSign(SignTime, HttpString)
  const SignKey = options.SecretKey ? signKey(options.SecretKey, KeyTime) : undefined
  return {
    SecretId,
    SecurityToken: find(params, 'x-cos-security-token'),
    KeyTime,
    Host: host?.toLowerCase(),
    Pathname,
    SignedHeaders,
    SignedParams,
    FreeParams: params.map(([name]) => name).filter((name) => isUnsigned(name, SignedParams)),
    HttpString,
    StringToSign,
    SignKey,
    Signature: SignKey && signature(SignKey, StringToSign),
    GivenSignature,
  }
}

function find(entries: Entry[], wanted: string): string | undefined {
  return entries.find(([name]) => name === wanted)?.[1]
}

/** What a list names, with the values that the request has for it. */
function lookUp(list: string, given: Entry[]): SignedField[] {
  const encoded = given.map(([name, value]): Entry => [
    urlEncode(name, 'name').toLowerCase(),
    value,
  ])
  const names = list.split(';').filter(Boolean)
  return names.map((name) => ({ name, value: find(encoded, name) }))
}

/** Neither signed, nor part of what carries the signature. */
function isUnsigned(name: string, signed: SignedField[]): boolean {
  const encoded = urlEncode(name, 'name').toLowerCase()
  return (
    !/^(q-.*|sign|x-cos-security-token)$/.test(encoded) &&
    !signed.some((field) => field.name === encoded)
  )
}

function toPair({ name, value = '' }: SignedField): CanonicalField {
  return { name, key: name, value: urlEncode(value, 'value') }
}

function entries(fields: Fields | null | undefined): Entry[] {
  return Object.entries(fields ?? {}).map(([name, value]) => [name, String(value ?? '')])
}

function split(text: string): Entry[] {
  return text.split('&').map((part) => {
    const [name = '', ...value] = part.split('=')
    return [name, value.join('=')]
  })
}

/** As COS does: a raw `+` is a space. */
function decode(text: string): string {
  return decodeURIComponent(text.replace(/\+/g, ' '))
}
