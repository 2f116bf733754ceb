import type { Method } from '../../../cos/index'
import { fill } from '../../../i18n/index'
import { presignMessages } from '../../../i18n/presign/index'
import { signingKey, type SigningKey } from '../../../signing/index'
import { choices, fieldView, METHODS, readHeaders } from '../fields'
import { inspect, isHttp, type Inspection, type SignedText } from '../inspect'
import { maskSigned } from '../mask'
import { readAnswer } from '../read-answer'
import { readPasted } from '../read-pasted'
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

const FIELDS = {
  url: fieldView('url', texts.signed, 'https://…?q-sign-algorithm=sha1&q-ak=…', 'scroll'),
  requestUrl: fieldView('requestUrl', texts.requestUrl, '', 'all', texts.requestUrlHint),
  headers: fieldView('headers', texts.headers, 'Content-Type: image/png', 'all', texts.headersHint),
  answer: fieldView(
    'answer',
    texts.answerLabel,
    '<Error><Code>SignatureDoesNotMatch</Code>…',
    'scroll',
    texts.answerHint,
  ),
}

/** Shows what a signature covers and until when, and in which character a 403 differs from it. */
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
    },
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
    found: null as Inspection | null,
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
      if (input) void this.begin({ ...EMPTY, ...input })
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
    }: WechatMiniprogram.CustomEvent<{ value: string }, object, { name: keyof Typed }>) {
      this.setData({ typed: { ...this.data.typed, [currentTarget.dataset.name]: detail.value } })
      return this.look()
    },
    onClear() {
      return this.begin(EMPTY)
    },

    begin(typed: Typed) {
      this.setData({ shown: this.data.typed }) // what was typed: only a change reaches a field
      this.setData({
        typed,
        shown: typed,
        isGiven: { url: typed.url !== '', answer: typed.answer !== '' },
        masked: maskSigned(typed.url),
      })
      return this.look()
    },

    /** Takes apart what is typed now; again when the key at hand turns out to be the one that signed. */
    look(): Promise<void> {
      const turn = this.data.turn + 1
      this.setData({ turn })
      this.inspect()
      const { typed, found } = this.data
      if (!found) return Promise.resolve()
      return keyAtHand(methodOf(typed), found).then((key) => {
        const isOvertaken = this.data.turn !== turn
        if (!isOvertaken && key?.SecretId === found.explanation.SecretId) this.inspect(key)
      })
    },

    inspect(key?: SigningKey) {
      const { typed } = this.data
      const method = methodOf(typed)
      const { wrongLine: line } = readHeaders(typed.headers)
      let found: Inspection | null = null
      let problem = ''
      let isAuthorization = false
      try {
        const text = signedText(typed, method)
        isAuthorization = /q-sign-algorithm=/.test(text.signed) && !isHttp(text.signed)
        if (text.signed !== '') found = inspect(text, key)
      } catch (error) {
        problem = problemText(error, typed.url)
      }
      this.setData({
        problem,
        found,
        view: found && inspectionView(found, method),
        answered: answerView(typed.answer, found, typed.method),
        isAuthorization,
        headersProblem: line === undefined ? '' : fill(t.playground.wrongHeader, { line }),
        ahead: key ? key.Clock() - Date.now() : 0,
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
      const { found, ahead } = this.data
      if (found) this.setData({ time: timeView(found, Math.floor((Date.now() + ahead) / 1000)) })
    },
  },
})

/** What is to be inspected: what comes along with the signature counts, too. */
function signedText(typed: Typed, method: string): SignedText {
  const { signed, url, token } = readPasted(typed.url)
  const request = readPasted(typed.requestUrl)
  const { fields } = readHeaders(typed.headers)
  return {
    signed,
    requestUrl: isHttp(request.signed) ? request.signed : request.url || url,
    method,
    headers: token ? { ...fields, 'x-cos-security-token': token } : fields,
  }
}

/** The method that was chosen; until then that of the answer, or GET. */
function methodOf({ method, answer }: Typed): string {
  return method || readAnswer(answer)?.formatString?.split('\n')[0]!.toUpperCase() || 'GET'
}

/** The key that would sign such a request now. An inspection needs none, so it may well be missing. */
function keyAtHand(method: string, { explanation }: Inspection): Promise<SigningKey | undefined> {
  const names = [...explanation.SignedParams.map(({ name }) => name), ...explanation.FreeParams]
  const isMultipart = names.some((name) => /^(uploads|uploadid)$/i.test(name))
  const query: Record<string, string> = isMultipart ? { uploads: '' } : {}
  return signingKey({ method: method as Method, query }).catch(() => undefined)
}
