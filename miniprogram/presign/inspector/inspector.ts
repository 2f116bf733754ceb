import { latest } from '../../components/latest'
import type { Method } from '../../cos/index'
import { fill } from '../../i18n/index'
import { permanentKeyAllowed, serverUrl, signingKey, type BucketKey } from '../../signing/index'
import { diagnose, NO_EVIDENCE, type Diagnosis, type Evidence } from '../diagnose'
import { choices, fieldView, METHODS, readHeaders } from '../fields'
import { presignMessages } from '../i18n/index'
import type { Inspection, KnownKey } from '../inspect'
import { maskSigned } from '../mask'
import {
  answerView,
  inspectionView,
  problemText,
  timeView,
  type AnswerView,
  type InspectionView,
  type TimeView,
} from './inspection-view'

const t = presignMessages()
const texts = t.inspector

/** What comes from another page. */
export interface InspectorInput {
  /** A signed URL, or an Authorization. */
  url: string
  /** What was signed, and sent; may be empty. */
  method: string
  /** Headers as they were signed, one on each line. */
  headers: string
  /** Of COS: the body of a 403. */
  answer: string
}

const latestEvidence = latest()

/** The SecretKey as typed, by component: it stays out of `data`. */
const secretKeys = new WeakMap<object, string>()

const diagnoses = new WeakMap<object, Diagnosis>()

const FIELDS = {
  request: fieldView('request', texts.signed, texts.signedExample, 'scroll'),
  requestUrl: fieldView('requestUrl', texts.requestUrl, '', 'all', texts.requestUrlHint),
  signedHeaders: fieldView(
    'signedHeaders',
    texts.headers,
    'Content-Type: image/png',
    'all',
    texts.headersHint,
  ),
  answer: fieldView('answer', texts.answerLabel, texts.answerExample, 'scroll', texts.answerHint),
  httpString: fieldView(
    'httpString',
    texts.httpString,
    'get\n/a.txt\n\nhost=…',
    'all',
    texts.httpStringHint,
  ),
}

/** What may be asked for beyond the two pastes, where it can change the verdict. */
interface Questions {
  requestUrl: boolean
  sentMethod: boolean
  signedMethod: boolean
  signedHeaders: boolean
  /** HttpString and SecretKey. */
  proof: boolean
}

/** Shows what a signature covers and until when, and what a 403 is due to. */
Component({
  properties: {
    input: { type: null, value: null as InspectorInput | null },
  },

  data: {
    t: texts,
    methods: choices(METHODS),
    fields: FIELDS,
    parts: t.parts,
    names: {
      formatString: 'FormatString',
      httpString: 'HttpString',
      stringToSign: 'StringToSign',
      secretKey: 'SecretKey',
    },
    canEnterKey: permanentKeyAllowed(),
    typed: NO_EVIDENCE,
    masked: '',
    /** They came from another page: shown masked, without a field. */
    isGiven: { request: false, answer: false },
    asks: {} as Partial<Questions>,
    none: [] as never[],
    problem: '',
    headersProblem: '',
    view: null as InspectionView | null,
    time: null as TimeView | null,
    answered: null as AnswerView | null,
    /** Of setInterval, while the countdown runs; otherwise 0. */
    timer: 0,
    /** Milliseconds by which the clock that signs is ahead of the phone's. */
    ahead: 0,
  },

  observers: {
    input(input: InspectorInput | null) {
      if (!input) return
      const { url, answer, method, headers } = input
      this.begin({
        ...NO_EVIDENCE,
        request: url,
        answer,
        sentMethod: method,
        signedMethod: method,
        signedHeaders: headers,
      })
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
    onType({
      detail,
      currentTarget,
    }: WechatMiniprogram.CustomEvent<{ value: string }, object, { name: keyof Evidence }>) {
      this.setData({ [`typed.${currentTarget.dataset.name}`]: detail.value })
      return this.inspectAndRecheck()
    },
    onSecretKey({ detail }: WechatMiniprogram.Input) {
      secretKeys.set(this, detail.value.trim())
      return this.inspectAndRecheck()
    },
    onClear() {
      this.begin(NO_EVIDENCE)
    },

    begin(typed: Evidence) {
      secretKeys.delete(this)
      this.setData({
        typed,
        asks: {}, // takes the field of the SecretKey off the screen
        isGiven: { request: typed.request !== '', answer: typed.answer !== '' },
        masked: maskSigned(typed.request),
      })
      return this.inspectAndRecheck()
    },

    /** Inspects the input; once more if the app's own key turns out to be the one that signed. */
    async inspectAndRecheck(): Promise<void> {
      const isCurrent = latestEvidence(this)
      this.inspect()
      const { inspection: found, sentMethod } = diagnoses.get(this)!
      if (!found || secretKeys.get(this)) return
      const key = await appKey(found, sentMethod)
      if (isCurrent() && key?.SecretId === found.explanation.SecretId) this.inspect(key)
    },

    inspect(appKey?: BucketKey) {
      const { typed } = this.data
      const diagnosis = diagnose(typed, appKey)
      const typedKey = keyOf(diagnosis.inspection, secretKeys.get(this))
      this.show(typedKey ? diagnose(typed, typedKey) : diagnosis)
      this.setData({ ahead: appKey?.Clock ? appKey.Clock() - Date.now() : 0 })
    },

    show(diagnosis: Diagnosis) {
      const { typed, asks } = this.data
      const { inspection } = diagnosis
      const { wrongLine: line } = readHeaders(typed.signedHeaders)
      diagnoses.set(this, diagnosis)
      this.setData({
        problem: problemText(diagnosis, typed.request, t),
        view: inspection ? inspectionView({ ...diagnosis, inspection }, t) : null,
        answered: answerView(diagnosis, typed.answer, t),
        headersProblem: line === undefined ? '' : fill(t.playground.wrongHeader, { line }),
        asks: questions(diagnosis, typed, asks),
      })
      this.tick()
    },

    startClock() {
      this.stopClock()
      this.tick()
      this.setData({ timer: setInterval(() => this.tick(), 1000) })
    },
    stopClock() {
      clearInterval(this.data.timer)
    },
    tick() {
      const { inspection, answer } = diagnoses.get(this) ?? {}
      if (!inspection) return
      const now = Math.floor((Date.now() + this.data.ahead) / 1000)
      this.setData({ time: timeView({ inspection, answer }, now, t) })
    },
  },
})

/** A field that was asked for stays while the same paste is inspected: its text may be the answer. */
function questions(
  { inspection, isAuthorization, answer, pasted, verdict }: Diagnosis,
  typed: Evidence,
  asked: Partial<Questions>,
): Questions {
  const isMismatch = answer?.formatString !== undefined
  return {
    requestUrl: isAuthorization,
    sentMethod: inspection !== undefined && !isMismatch && !pasted?.method,
    signedMethod: inspection !== undefined && isMismatch,
    signedHeaders:
      typed.signedHeaders !== '' ||
      (inspection?.unknownHeaders ?? []).some((name) => name !== 'host'),
    proof: verdict !== undefined && (verdict.candidates.length > 0 || asked.proof === true),
  }
}

/** A typed SecretKey belongs to the SecretId of the signature. */
function keyOf(inspection: Inspection | undefined, SecretKey = ''): KnownKey | undefined {
  if (!inspection || SecretKey === '') return undefined
  return { SecretId: inspection.explanation.SecretId, SecretKey }
}

/** The app's key for such a request. An inspection works without one. */
async function appKey({ explanation }: Inspection, method: string): Promise<BucketKey | undefined> {
  if (serverUrl() === '') return undefined
  const names = [...explanation.SignedParams.map(({ name }) => name), ...explanation.FreeParams]
  const isMultipart = names.some((name) => /^(uploads|uploadid)$/i.test(name))
  const query: Record<string, string> = isMultipart ? { uploads: '' } : {}
  return signingKey({ method: (method || 'GET') as Method, query }).catch(() => undefined)
}
