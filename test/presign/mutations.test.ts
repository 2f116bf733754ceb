/** @jest-environment node */
import { expect, test } from '@jest/globals'
import { explain, presignedUrl } from '../../miniprogram/cos'
import { en as shared } from '../../miniprogram/i18n/en'
import { zhCN as sharedZh } from '../../miniprogram/i18n/zh-CN'
import { compareFormatString } from '../../miniprogram/presign/compare-format-string'
import { comparisonView, verdictView } from '../../miniprogram/presign/comparison-view'
import { diagnose, NO_EVIDENCE } from '../../miniprogram/presign/diagnose'
import { en } from '../../miniprogram/presign/i18n/en'
import { zhCN } from '../../miniprogram/presign/i18n/zh-CN'
import { generator, type Random } from './generator'

/**
 * A right signature and a request that was changed on its way, at random: the difference that is
 * named is the change, and the key is never blamed. `MUTATIONS=100000` runs as many.
 */
const COUNT = Number(process.env.MUTATIONS ?? 4000)

const KEY = { SecretId: 'id', SecretKey: 'key' }

const TEXTS = [
  { ...shared, ...en },
  { ...sharedZh, ...zhCN },
]

const CHARACTERS = [...'abcXYZ019-_.~ +%&=?#!*()/中文é😀']
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const

const word = ({ below, pick }: Random, length = 12) =>
  Array.from({ length: 1 + below(length) }, () => pick(CHARACTERS)).join('')

/** A name that no other has: signers refuse two of one name. */
const names = (random: Random, base: readonly string[]) => base.filter(() => random.below(2) === 0)

interface Pair {
  url: string
  method: string
  headers: Record<string, string>
  httpString: string
}

function rightPair(random: Random): Pair {
  const Method = random.pick(METHODS)
  const Query = Object.fromEntries(
    names(random, ['uploadId', 'partNumber', 'response-content-type', 'a/b']).map((name) => [
      name,
      word(random),
    ]),
  )
  const Headers = Object.fromEntries(
    names(random, ['Content-Type', 'x-cos-meta-a', 'Range']).map((name) => [
      name,
      `h${word(random)}h`,
    ]), // HTTP drops spaces at the ends
  )
  const url = presignedUrl(
    KEY,
    {
      Bucket: 'examplebucket-1250000000',
      Region: 'ap-beijing',
      Key: `k${word(random, 30).replace(/(^|\/)\.+(?=\/|$)/g, '$1x')}k`,
      Method,
      Query,
      Headers,
    },
    () => 1_700_000_000_000,
  )
  const { HttpString: httpString } = explain(url, { Method, Headers })
  return { url, method: Method, headers: Headers, httpString }
}

interface Mutation {
  formatString: string
  line: number
  /** Of a parameter or header. */
  field: string
}

/** Changes the method, one character of the path, or one parameter or header. */
function mutate(random: Random, { httpString }: Pair): Mutation {
  const lines = httpString.split('\n')
  const fieldLines = [2, 3].filter((line) => lines[line] !== '')
  const line = random.pick([0, 1, 1, 1, ...fieldLines, ...fieldLines, ...fieldLines])
  const changed = [...lines]
  let field = ''
  if (line === 0) {
    changed[0] = random.pick(
      METHODS.map((name) => name.toLowerCase()).filter((m) => m !== lines[0]),
    )
  } else if (line === 1) {
    changed[1] = changeCharacter(random, lines[1]!, 1)
  } else {
    const pairs = lines[line]!.split('&')
    const at = random.below(pairs.length)
    const [name = '', value = ''] = pairs[at]!.split('=')
    field = name
    const other = encodeURIComponent(changeCharacter(random, decodeURIComponent(value), 0)).replace(
      /[!'()*]/g,
      (mark) => '%' + mark.charCodeAt(0).toString(16).toUpperCase(),
    )
    const kind = random.below(4)
    if (kind === 0) pairs.splice(at, 1)
    else if (kind === 1 && value !== '') pairs[at] = `${name}=`
    else pairs[at] = `${name}=${other}`
    changed[line] = pairs.join('&')
  }
  return { formatString: changed.join('\n'), line, field }
}

/** Replaces, inserts or deletes one character, or changes its case. */
function changeCharacter(random: Random, text: string, from: number): string {
  const characters = [...text]
  for (;;) {
    const copy = [...characters]
    const at = from + random.below(Math.max(1, copy.length - from))
    const kind = random.below(4)
    if (kind === 0) copy[at] = random.pick(CHARACTERS)
    else if (kind === 1) copy.splice(at, 0, random.pick(CHARACTERS))
    else if (kind === 2) copy.splice(at, 1)
    else copy[at] = (copy[at] ?? 'a').toUpperCase()
    if (copy.join('') !== text) return copy.join('')
  }
}

const xml = (formatString: string) =>
  `<Error><Code>SignatureDoesNotMatch</Code><FormatString>${formatString
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')}</FormatString></Error>`

test('the named difference is the change, and no SecretKey is named', () => {
  const random = generator(20_261_128)
  const missed: string[] = []
  const blaming: string[] = []
  for (let i = 0; i < COUNT; i++) {
    const pair = rightPair(random)
    const { formatString, line, field } = mutate(random, pair)
    const { first, lines } = compareFormatString(formatString, pair.httpString)
    const isNamed = first?.line === line && first.field === field && lines[line]!.at >= 0
    if (!isNamed) missed.push(`${JSON.stringify(formatString)} for ${JSON.stringify(pair)}`)
    const view = comparisonView(
      { formatString, stringToSign: undefined },
      { HttpString: pair.httpString, StringToSign: '' },
      TEXTS[i % 2]!,
    )!
    if (/SecretKey/.test(JSON.stringify(view))) blaming.push(formatString)
  }
  expect(blaming).toEqual([])
  expect(missed.slice(0, 3)).toEqual([])
}, 600_000)

test('nor where the 403 is pasted, with what is typed of the signature', () => {
  const random = generator(7)
  const missed: string[] = []
  const blaming: string[] = []
  for (let i = 0; i < COUNT / 20; i++) {
    const pair = rightPair(random)
    const { formatString, line, field } = mutate(random, pair)
    const evidence = {
      ...NO_EVIDENCE,
      request: pair.url,
      answer: xml(formatString),
      signedMethod: pair.method,
      signedHeaders: Object.entries(pair.headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
    }
    const { verdict } = diagnose(evidence)
    const isNamed = verdict?.differences.some((one) => one.line === line && one.field === field)
    if (!isNamed) missed.push(`${JSON.stringify(formatString)} for ${JSON.stringify(pair)}`)
    // The key proves that another method was signed; of what was changed on its way it proves nothing.
    const { kind, mistake } = diagnose(evidence, KEY).verdict!
    const proven = line === 0 ? ['MISTAKE', 'method'] : ['DIFFERENT', undefined]
    expect([kind, mistake]).toEqual(proven)
    if (/SecretKey/.test(JSON.stringify(verdictView(verdict!, TEXTS[i % 2]!)))) {
      blaming.push(formatString)
    }
  }
  expect(blaming).toEqual([])
  expect(missed.slice(0, 3)).toEqual([])
  expect(missed.length).toBeLessThanOrEqual((COUNT / 20) * 0.01)
}, 600_000)
