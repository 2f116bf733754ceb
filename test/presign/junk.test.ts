/** @jest-environment node */
import { expect, test } from '@jest/globals'
import { en as shared } from '../../miniprogram/i18n/en'
import {
  diagnose,
  NO_EVIDENCE,
  type Diagnosis,
  type Evidence,
} from '../../miniprogram/presign/diagnose'
import { en } from '../../miniprogram/presign/i18n/en'
import {
  answerView,
  inspectionView,
  problemText,
} from '../../miniprogram/presign/inspector/inspection-view'
import { KEY, PASTES } from './corpus'
import { generator, type Random } from './generator'

/** Pastes that were cut, doubled or mixed up at random. `MUTATIONS=100000` runs as many. */
const COUNT = Number(process.env.MUTATIONS ?? 500)

const t = { ...shared, ...en }

/** Between spaces. */
const JUNK =
  String.raw`% %zz %E4%B8 %FF %25 \ \u \xff 中 &#x110000; &#0; &amp; <Code> <FormatString> </ { } [ ] (?
q-sign-algorithm= sign= https:// ? # + ; = Code: FormatString= __proto__ 1e999 😀 " '`
    .split(/\s+/)
    .concat('\ud800', '\udc00', '\0', '\n', '\r', '\t', ' ')

function changed({ below, pick }: Random, text: string): string {
  const at = below(text.length + 1)
  const from = below(text.length + 1)
  return pick([
    text.slice(0, at),
    text.slice(0, at) + pick(JUNK) + text.slice(at),
    text.slice(0, at) + text.slice(at + 1 + below(20)),
    text.slice(0, at) + text.slice(from, from + below(80)) + text.slice(at),
    text.replace(pick(['%', '&', '=', ';', '/', '\n', ' ']), pick(JUNK)),
  ])
}

const junk = ({ below, pick }: Random) =>
  Array.from({ length: below(40) }, () => pick(JUNK)).join('')

function evidenceOf(random: Random): Evidence {
  const { request = '', answer = '', ...known } = random.pick(PASTES).evidence
  const maybe = (text: string) => (random.below(2) ? changed(random, changed(random, text)) : text)
  const [typed, url, lines] = [known.httpString, known.requestUrl, known.signedHeaders]
  return {
    ...NO_EVIDENCE,
    ...known,
    request: maybe(random.below(10) ? request : junk(random)),
    answer: maybe(random.below(10) ? answer : junk(random)),
    httpString: typed || random.below(5) ? (typed ?? '') : junk(random),
    requestUrl: url || random.below(5) ? (url ?? '') : junk(random),
    signedHeaders: lines || random.below(5) ? (lines ?? '') : junk(random),
  }
}

/** What the screen shows of a diagnosis. */
function words(diagnosis: Diagnosis, { request, answer }: Evidence): unknown[] {
  const { inspection, problem } = diagnosis
  return [
    inspection && inspectionView({ ...diagnosis, inspection }, t),
    answerView(diagnosis, answer, t),
    problem === undefined ? undefined : problemText(diagnosis, request, t),
  ]
}

test('whatever is pasted is explained, or has words for why it cannot be read', () => {
  const random = generator(15)
  for (let i = 0; i < COUNT; i++) {
    const evidence = evidenceOf(random)
    const diagnosis = diagnose(evidence, random.below(2) ? KEY : undefined)
    const [, , problem] = words(diagnosis, evidence)
    expect([undefined, expect.stringMatching(/\w/)]).toContainEqual(problem)
    // The key is only blamed where the HttpString of the signer was given.
    const isBlamed = diagnosis.verdict?.kind === 'SAME'
    expect(isBlamed && evidence.httpString === '').toBe(false)
  }
}, 600_000)

test('a 403 that is damaged does not make the URL unreadable', () => {
  const random = generator(16)
  const pastes = PASTES.filter(({ evidence }) => evidence.request && evidence.answer)
  for (let i = 0; i < COUNT; i++) {
    const { evidence } = random.pick(pastes)
    const { request = '', answer = '' } = evidence
    const alone = diagnose({ ...NO_EVIDENCE, request })
    if (!alone.inspection) continue
    const both = diagnose({ ...NO_EVIDENCE, request, answer: changed(random, answer) }, KEY)
    expect(both.problem).toBeUndefined()
  }
}, 600_000)
