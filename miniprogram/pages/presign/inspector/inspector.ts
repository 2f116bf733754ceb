import type { DiffView } from '../../../components/diff-lines/diff-lines'
import type { FailureView } from '../../../components/failure-panel/failure-panel'
import type { Method } from '../../../cos/index'
import { fill } from '../../../i18n/index'
import { presignMessages } from '../../../i18n/presign/index'
import { signingKey, type SigningKey } from '../../../signing/index'
import { cosFailure } from '../../../transfer/failure'
import { failureView } from '../../views'
import { comparisonView } from '../comparison-view'
import { readHeaders } from '../fields'
import { cleanPasted, inspect, type Inspection, type Suspicion } from '../inspect'
import { maskSigned } from '../mask'
import { readAnswer } from '../read-answer'
import {
  countdown,
  inspectionView,
  type InspectionView,
  type SuspicionView,
} from './inspection-view'

const t = presignMessages()
const texts = t.inspector

const METHODS: Method[] = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']

/** What is pasted, or comes from another page. */
export interface InspectorInput {
  /** A signed URL, or an Authorization. */
  url: string
  /** Empty until one is chosen. */
  method: string
  /** Headers as they were signed, one on each line. */
  headers: string
  /** Of COS: the body of a 403. */
  answer: string
}

/** What is typed, and what its fields begin with. */
interface Typed extends InspectorInput {
  /** Where an Authorization was sent to. */
  requestUrl: string
}

const EMPTY: Typed = { url: '', method: '', headers: '', answer: '', requestUrl: '' }

/** Mistakes that are on both sides: a comparison does not show them. */
const SHARED = new Set<Suspicion>([
  'OTHER_METHOD',
  'LIST_ENCODED_ONCE',
  'LIST_UPPER_CASE',
  'RAW_PLUS',
])

/** Shows what a signature covers and until when, and in which character a 403 differs from it. */
Component({
  properties: {
    input: { type: null, value: null as InspectorInput | null },
  },

  data: {
    t: texts,
    methods: METHODS.map((value) => ({ value, title: value })),
    names: { headers: 'Content-Type: image/png', stringToSign: 'StringToSign' },
    typed: EMPTY,
    /** What the fields hold when they are not typed into: a late echo would undo typing. */
    shown: EMPTY,
    masked: '',
    isAuthorization: false,
    /** They came from another page: shown masked, without a field. */
    isGiven: { url: false, answer: false },
    /** Counts what has been looked at: a key that comes late is not for the newest. */
    turn: 0,
    problem: '',
    headersProblem: '',
    answerProblem: '',
    found: null as Inspection | null,
    view: null as InspectionView | null,
    left: '',
    timeSuspicion: null as SuspicionView | null,
    failure: null as FailureView | null,
    /** Why there is nothing to compare. */
    answerNote: '',
    formatString: '',
    diff: null as DiffView | null,
    /** Of setInterval, while the countdown runs; otherwise 0. */
    timer: 0,
    /** Milliseconds by which the clock that signs is ahead of the phone's. */
    ahead: 0,
  },

  observers: {
    input(input: InspectorInput | null) {
      if (!input) return
      const typed = { ...EMPTY, ...input }
      this.setData({ shown: this.data.typed }) // what was typed: only a change reaches a field
      const isGiven = { url: typed.url !== '', answer: typed.answer !== '' }
      this.setData({ typed, shown: typed, isGiven, masked: maskSigned(cleanPasted(typed.url)) })
      void this.look()
    },
  },

  lifetimes: {
    attached() {
      this.startClock()
    },
    detached() {
      this.stopClock()
    },
  },

  pageLifetimes: {
    show() {
      this.startClock()
    },
    hide() {
      this.stopClock()
    },
  },

  methods: {
    onType({ detail, currentTarget }: WechatMiniprogram.Input<object, { name: keyof Typed }>) {
      this.setData({ typed: { ...this.data.typed, [currentTarget.dataset.name]: detail.value } })
      return this.look()
    },
    onMethod({ detail: { value: method } }: WechatMiniprogram.CustomEvent<{ value: Method }>) {
      const typed = { ...this.data.typed, method }
      this.setData({ typed, shown: typed })
      return this.look()
    },
    onClear() {
      this.setData({ shown: this.data.typed })
      this.setData({ typed: EMPTY, shown: EMPTY, isGiven: { url: false, answer: false } })
      return this.look()
    },

    /** Takes apart what is typed now; again when the key at hand turns out to be the one that signed. */
    async look() {
      const turn = this.data.turn + 1
      this.setData({ turn })
      this.inspect()
      const { typed, found } = this.data
      if (!found) return
      const key = await keyAtHand(methodOf(typed), found)
      const isOvertaken = this.data.turn !== turn
      if (!isOvertaken && key?.SecretId === found.explanation.SecretId) this.inspect(key)
    },

    inspect(key?: SigningKey) {
      const { url, requestUrl, headers } = this.data.typed
      const method = methodOf(this.data.typed)
      const signed = cleanPasted(url)
      const read = readHeaders(headers)
      this.setData({
        isAuthorization: signed.startsWith('q-sign-algorithm='),
        headersProblem: read.wrongLine
          ? fill(t.playground.wrongHeader, { line: read.wrongLine })
          : '',
        ahead: key ? key.Clock() - Date.now() : 0,
      })
      try {
        const text = { signed, requestUrl: cleanPasted(requestUrl), method, headers: read.fields }
        const found = signed === '' ? null : inspect(text, key)
        const view = found && inspectionView(found, method, t)
        this.setData({ found, view, problem: '' })
      } catch (error) {
        this.setData({ found: null, view: null, problem: problemText(error) })
      }
      this.tick()
      this.compare()
    },

    compare() {
      const { typed, found } = this.data
      const answer = readAnswer(typed.answer)
      this.setData({
        answerProblem: typed.answer.trim() !== '' && !answer ? texts.noAnswer : '',
        failure: answer ? answerView(answer.xml) : null,
        formatString: maskSigned(answer?.formatString ?? ''),
        diff: null,
        answerNote: '',
      })
      if (!answer || answer.code !== 'SignatureDoesNotMatch') return
      if (!answer.formatString) {
        this.setData({ answerNote: texts.noFormatString })
        return
      }
      if (!found) {
        this.setData({ answerNote: texts.pasteUrl })
        return
      }
      if (!found.host) {
        this.setData({ answerNote: texts.enterRequestUrl })
        return
      }
      const { explanation, unknownHeaders, signedMethod, suspicions } = found
      const isAnyMethod = !typed.method && !signedMethod
      const isFaulty = suspicions.some((name) => SHARED.has(name))
      const signed = { ...explanation, unknownHeaders, isAnyMethod, isFaulty }
      this.setData({ diff: comparisonView(answer, signed, t) ?? null })
    },

    startClock() {
      this.stopClock()
      this.tick()
      this.setData({ timer: setInterval(() => this.tick(), 1000) })
    },
    stopClock() {
      clearInterval(this.data.timer)
      this.setData({ timer: 0 })
    },
    tick() {
      const { found, ahead } = this.data
      if (!found && !this.data.left) return
      const now = Math.floor((Date.now() + ahead) / 1000)
      const { text, suspicion } = found ? countdown(found, now, t) : { text: '', suspicion: null }
      this.setData({ left: text, timeSuspicion: suspicion })
    },
  },
})

/** The method that was chosen; until then that of the answer, or GET. */
function methodOf({ method, answer }: Typed): string {
  return method || readAnswer(answer)?.formatString?.split('\n')[0]!.toUpperCase() || 'GET'
}

/** The key that would sign such a request now. An inspection needs none, so it may well be missing. */
async function keyAtHand(method: string, { explanation }: Inspection) {
  const names = [...explanation.SignedParams.map(({ name }) => name), ...explanation.FreeParams]
  const isMultipart = names.find((name) => /^(uploads|uploadid)$/i.test(name))
  const query: Record<string, string> = isMultipart ? { uploads: '' } : {}
  return signingKey({ method: method as Method, query }).catch(() => undefined)
}

/** What an error document says, in words. Its HTTP status is not in it, and this is the inspector. */
function answerView(xml: string): FailureView {
  const failure = cosFailure({ statusCode: 403, headers: {}, body: xml })
  delete failure.statusCode
  delete failure.answer
  return failureView(failure, t)
}

function problemText(error: unknown): string {
  if (error instanceof URIError) return texts.notEncoded
  const { message } = error as Error
  const part = /^(q-[a-z-]+) must be there/.exec(message)?.[1]
  if (part === 'q-sign-algorithm') return texts.notSigned
  if (part) return fill(texts.noSignature, { part })
  return fill(texts.notRead, { reason: message })
}
