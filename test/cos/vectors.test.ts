import { describe, expect, test } from '@jest/globals'
import COS from '../../miniprogram/cos'
import {
  canonicalFields,
  httpString,
  signature,
  stringToSign,
} from '../../miniprogram/cos/authorization'
import { base64, utf8 } from '../../miniprogram/cos/encode'
import { sha1 } from '../../miniprogram/cos/sha1'
import manual from '../vectors/manual.json'
import sdk from '../vectors/sdk.json'

/** Inputs on which both SDKs agree and we decided otherwise: each id with its reason. */
const DECIDED_OTHERWISE: Record<string, string> = {
  'auth/method/ get': 'a method with spaces is no HTTP method: refused',
  'auth/query/array': 'an array is no text, and COS has no rule for repeated parameters: refused',
  'auth/query/array-empty': 'as auth/query/array',
  'auth/query/object': 'would sign "[object Object]": refused',
  'auth/query/key-empty': 'a parameter without a name cannot be verified: refused',
  'auth/query/number': 'Query must be an object: refused',
  'url/query/array': 'as auth/query/array',
  'url/query/array-empty': 'as auth/query/array',
  'url/query-unsigned/array': 'as auth/query/array',
  'url/query/number': 'as auth/query/number',
  'url/region/cn-south': 'the host names of the first regions are gone from the manual',
  'url/region/cn-north': 'as url/region/cn-south',
  'url/domain/template-old': 'of the templates of a Domain only {Bucket} and {Region} are taken',
  'url/domain/template-name': 'as url/domain/template-old',
  'url/domain/template-lower': 'as url/domain/template-old',
  'url/domain/upper': 'HTTP clients send the host in lower case, so that is what is signed',
  'url/domain/userinfo': 'a Domain is a host: refused',
}

interface SdkVector {
  id: string
  api: string
  now: number
  input?: object
  options?: object
  params?: object
  expected: string
}

const sdkVectors = (sdk.vectors as SdkVector[]).map((vector) => [vector.id, vector] as const)

function ours({ api, now, input, options, params }: SdkVector): string {
  const Clock = () => now
  return api === 'COS.getAuthorization'
    ? COS.getAuthorization({ ...input, Clock } as never)
    : new COS({ ...options, Clock }).getObjectUrl({ Protocol: 'https:', ...params } as never)
}

/** Parts of a URL, decoded once: the SDKs leave ";" raw where the manual asks for encoding. */
function decoded(text: string): unknown {
  if (!text.startsWith('http')) return text
  const [, scheme, host, path = '', query = ''] = /^(\w+):\/\/([^/]+)([^?]*)\??(.*)$/.exec(text)!
  return [
    scheme,
    host,
    decodeURIComponent(path),
    query.split('&').map(decodeURIComponent).toSorted(),
  ]
}

/** A URL taken apart, or the TypeError that there was instead. */
function attempt(run: () => string): unknown {
  try {
    return decoded(run())
  } catch (error) {
    if (error instanceof TypeError) return error
    throw error
  }
}

describe('signs as both official SDKs do', () => {
  test.each(sdkVectors.filter(([id]) => !(id in DECIDED_OTHERWISE)))('%s', (_id, vector) => {
    expect(decoded(ours(vector))).toEqual(decoded(vector.expected))
  })

  test.each(sdkVectors.filter(([id]) => id in DECIDED_OTHERWISE))(
    'or says why not: %s',
    (_id, vector) => {
      expect(attempt(() => ours(vector))).not.toEqual(decoded(vector.expected))
    },
  )

  test('every exception names a vector that exists', () => {
    const ids = new Set(sdkVectors.map(([id]) => id))
    expect(Object.keys(DECIDED_OTHERWISE).filter((id) => !ids.has(id))).toEqual([])
  })
})

interface RequestVector {
  id: string
  kind: string
  keyTime: string
  method: string
  pathDecoded: string
  params: [string, string][]
  headers: [string, string][]
  published: Record<string, string>
  computed: Record<string, string>
}

const requests = (manual.vectors as unknown as RequestVector[]).filter((v) => v.kind === 'request')

describe('the worked examples of the manual', () => {
  test.each(requests.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
    const query = canonicalFields('Query', Object.fromEntries(vector.params))
    const headers = canonicalFields('Headers', Object.fromEntries(vector.headers))
    const request = { method: vector.method.toLowerCase(), pathname: vector.pathDecoded }
    const http = httpString({ ...request, query, headers })
    const toSign = stringToSign(vector.keyTime, http)
    const key = vector.published.signKey ?? vector.computed.signKey!
    expect(http).toBe(vector.computed.httpString)
    expect(toSign).toBe(vector.computed.stringToSign)
    expect(signature(key, toSign)).toBe(vector.published.signature)
  })

  test('the policy of POST Object', () => {
    const vector = manual.vectors.find(({ kind }) => kind === 'post-policy') as unknown as {
      policyBase64: string
      signKey: string
      signature: string
      stringToSign: string
    }
    const policy = Buffer.from(vector.policyBase64, 'base64').toString()
    expect(base64(utf8(policy, 'policy'))).toBe(vector.policyBase64)
    expect(sha1(utf8(policy, 'policy'))).toBe(vector.stringToSign)
    expect(signature(vector.signKey, vector.stringToSign)).toBe(vector.signature)
  })
})
