import type { DiffView } from '../../../components/diff-lines/diff-lines'
import type { FailureView } from '../../../components/failure-panel/failure-panel'
import type { Method } from '../../../cos/index'
import { fill } from '../../../i18n/index'
import { presignMessages } from '../../../i18n/presign/index'
import { signingKey, signingSource, userPrefix, type SigningKey } from '../../../signing/index'
import type { Failure } from '../../../transfer/failure'
import { keyProblem } from '../../../transfer/object-key'
import { failureView, withoutPrefix, type Fact } from '../../views'
import { authorizationOf, carry, type Carrier } from '../carriers'
import { comparisonView } from '../comparison-view'
import { toCurl, toWxCode, type ReadyRequest } from '../copy-as'
import { headerLines, readHeaders, readQuery } from '../fields'
import { maskSigned } from '../mask'
import { readAnswer } from '../read-answer'
import { dateTime } from '../times'
import { HARD_KEYS, REFUSED_KEYS } from './hard-keys'
import {
  hasBody,
  lacksType,
  sendable,
  signForm,
  signFormAtServer,
  type Form,
  type Signed,
} from './sign'
import { tryRequest, type Tried } from './try-request'

const t = presignMessages()
const texts = t.playground

const METHODS: Method[] = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']
const CARRIERS: Carrier[] = ['flat', 'sign', 'header']

/** Milliseconds: what is over sooner shows no sign of waiting. */
const PATIENCE = 300

/** The signing that is under way, by the playground that it is for. */
const underWay = new WeakMap<object, Promise<void>>()

/** What is wrong with each field, in words. */
type Problems = Partial<Record<keyof Form, string>>

/** One string on the way to the signature. */
interface StepView {
  name: string
  about: string
  value: string
  isSecret: boolean
}

/** The signed request, as it is shown and copied. */
interface SignedView {
  url: string
  masked: string
  /** The headers of the carrier. */
  carried: string
  maskedCarried: string
  until: string
  authorization: string
  isSigned: boolean
  curl: string
  code: string
}

interface ResultView {
  method: string
  status: string
  isSuccess: boolean
  /** It was refused, and has a signature to take apart. */
  canInspect: boolean
  facts: Fact[]
  text: string
  note: string
  failure: FailureView | null
  diff: DiffView | null
}

const FORM: Form = {
  Method: 'GET',
  Key: 'hello.txt',
  Query: '',
  Headers: '',
  Expires: '900',
  Sign: true,
  Protocol: '',
  Domain: '',
  Bucket: '',
  Region: '',
}

/**
 * Signs as one types, with every field of the manual page, and sends the request.
 * Event: `inspect` with `{ url, method, headers, answer }`.
 */
Component({
  properties: {
    /** The object key to begin with. */
    name: String,
  },

  data: {
    t: texts,
    methods: METHODS.map((value) => ({ value, title: value })),
    carriers: CARRIERS.map((value) => ({ value, ...texts.carriers[value] })),
    carrier: 'flat' as Carrier,
    hardKeys: HARD_KEYS.map(named),
    refusedKeys: REFUSED_KEYS.map(named),
    protocols: ['https:', 'http:'].map((value) => ({ value, title: value })),
    addressFields: [
      { name: 'Domain', placeholder: texts.domainPlaceholder },
      { name: 'Bucket', placeholder: 'examplebucket-1250000000' },
      { name: 'Region', placeholder: 'ap-beijing' },
    ],
    prefix: '',
    source: '',
    byServer: false,
    /** As typed; the key below the prefix. Fields are not bound to it: a late echo would undo typing. */
    form: FORM,
    /** What the fields hold when they are not typed into. */
    shown: FORM,
    problems: {} as Problems,
    failure: null as FailureView | null,
    opened: { more: false, address: false },
    /** The newest that was typed is not signed yet. */
    isStale: false,
    signed: null as Signed | null,
    view: null as SignedView | null,
    steps: [] as StepView[],
    signedParts: [] as Fact[],
    body: texts.bodyText,
    /** As typed, instead of the headers that are signed. */
    sentText: undefined as string | undefined,
    sentShown: '',
    sentProblem: '',
    typeHint: false,
    hasBody: false,
    isSending: false,
    isWaiting: false,
    result: null as ResultView | null,
    tried: null as { request: ReadyRequest; answer: string } | null,
  },

  lifetimes: {
    attached() {
      if (this.data.name) this.fillIn({ Key: this.data.name })
      void this.start()
    },
  },

  methods: {
    /** Logs in, which gives the prefix; then signs. */
    async start() {
      this.setData({ failure: null })
      try {
        const prefix = await userPrefix()
        this.setData({ prefix })
        this.fillIn({ Key: withoutPrefix(this.data.form.Key, prefix) })
      } catch (error) {
        this.setData({ failure: failureView(error, t) })
        return
      }
      await this.refresh()
    },

    onMethod({ detail }: WechatMiniprogram.CustomEvent<{ value: Method }>) {
      this.fillIn({ Method: detail.value })
      return this.refresh()
    },
    onKey({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
      return this.change({ Key: detail.value })
    },
    onHardKey({ currentTarget }: WechatMiniprogram.BaseEvent<object, { value: string }>) {
      this.fillIn({ Key: currentTarget.dataset.value })
      return this.refresh()
    },
    onType({ detail, currentTarget }: WechatMiniprogram.Input<object, { name: keyof Form }>) {
      return this.change({ [currentTarget.dataset.name]: detail.value })
    },
    onSign({ detail }: WechatMiniprogram.CustomEvent<{ value: boolean }>) {
      this.fillIn({ Sign: detail.value })
      return this.refresh()
    },
    onProtocol({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
      this.fillIn({ Protocol: detail.value })
      return this.refresh()
    },
    onCarrier({ detail }: WechatMiniprogram.CustomEvent<{ value: Carrier }>) {
      this.setData({ carrier: detail.value })
      this.showSigned()
    },
    onFold({ currentTarget }: WechatMiniprogram.BaseEvent<object, { name: 'more' | 'address' }>) {
      const { name } = currentTarget.dataset
      this.setData({ [`opened.${name}`]: !this.data.opened[name] })
    },

    /** A field has been typed into. */
    change(changed: Partial<Form>) {
      this.setData({ form: { ...this.data.form, ...changed } })
      return this.refresh()
    },

    /** Fills fields in. They hold what was typed: only a change from that reaches them. */
    fillIn(changed: Partial<Form>) {
      const form = { ...this.data.form, ...changed }
      this.setData({ shown: this.data.form })
      this.setData({ form, shown: form })
    },

    /**
     * Signs what is typed now. One at a time: what is typed meanwhile is signed next, and what has
     * been overtaken is not shown.
     */
    refresh(): Promise<void> {
      this.setData({ isStale: true })
      const signing = underWay.get(this) ?? this.signNewest()
      underWay.set(this, signing)
      return signing
    },

    async signNewest() {
      while (this.data.isStale) {
        this.setData({ isStale: false })
        await this.sign()
      }
      underWay.delete(this)
    },

    async sign() {
      const { prefix } = this.data
      const form = { ...this.data.form, Key: prefix + this.data.form.Key }
      const problems = problemsOf(form)
      if (Object.keys(problems).length > 0) {
        this.showUnsigned({ problems })
        return
      }
      try {
        const query = readQuery(form.Query).fields
        const key = await signingKey({ method: form.Method, query })
        if (key) this.proposeAddress(key)
        const { Protocol, Domain, Bucket, Region } = this.data.form
        const signed = key
          ? signForm({ ...form, Protocol, Domain, Bucket, Region }, key)
          : await signFormAtServer(form)
        if (this.data.isStale) return
        this.setData({
          byServer: !key,
          source: sourceText(!key),
          signed,
          problems: {},
          failure: null,
        })
        this.showSigned()
      } catch (error) {
        if (this.data.isStale) return
        const problem = problemOf(error)
        this.showUnsigned(problem ? { problems: problem } : { failure: failureView(error, t) })
      }
    },

    showUnsigned({
      problems = {},
      failure = null,
    }: {
      problems?: Problems
      failure?: FailureView | null
    }) {
      this.setData({ problems, failure, signed: null, view: null, steps: [], signedParts: [] })
    },

    /** The key's own bucket, where nothing else has been typed. */
    proposeAddress({ Bucket, Region, Protocol, Domain = '' }: SigningKey) {
      const { form } = this.data
      if (form.Bucket || form.Region || form.Protocol) return
      this.fillIn({ Bucket, Region, Protocol, Domain })
    },

    showSigned() {
      const { signed, sentText } = this.data
      if (!signed) return
      const { method, explanation, headers } = signed
      this.setData({
        view: viewOf(signed, this.ready(headers)),
        steps: explanation ? stepsOf(signed) : [],
        signedParts: explanation
          ? [...explanation.SignedParams, ...explanation.SignedHeaders].map(({ name, value }) => ({
              label: name,
              value: value || texts.emptyValue,
            }))
          : [],
        hasBody: hasBody(method),
        typeHint: lacksType(method, readHeaders(sentText ?? headerLines(headers)).fields),
        ...(sentText === undefined && { sentShown: headerLines(headers) }),
      })
    },

    /** The request in the carrier that was chosen. */
    ready(headers: Record<string, string>): ReadyRequest {
      const { signed, carrier, body } = this.data
      const { method } = signed!
      const carried = signed!.explanation
        ? carry(signed!.url, carrier)
        : { url: signed!.url, headers: {} }
      return {
        url: carried.url,
        method,
        headers: { ...headers, ...carried.headers },
        ...(hasBody(method) && { body }),
      }
    },

    onBody({ detail }: WechatMiniprogram.Input) {
      this.setData({ body: detail.value })
      this.showSigned()
    },
    onSentHeaders({ detail }: WechatMiniprogram.Input) {
      const { wrongLine } = readHeaders(detail.value)
      this.setData({
        sentText: detail.value,
        sentProblem: wrongLine === undefined ? '' : fill(texts.wrongHeader, { line: wrongLine }),
      })
      this.showSigned()
    },
    onResetHeaders() {
      this.setData({ sentShown: this.data.sentText ?? '' })
      this.setData({ sentText: undefined, sentProblem: '' })
      this.showSigned()
    },

    /** Signs anew, for what is shown may have expired, and sends it. */
    async onSend() {
      if (this.data.isSending || this.data.sentProblem) return
      this.setData({ isSending: true })
      const waiting = setTimeout(() => this.setData({ isWaiting: true }), PATIENCE)
      await this.refresh()
      const { signed, sentText } = this.data
      if (signed) {
        const headers = sentText === undefined ? signed.headers : readHeaders(sentText).fields
        const request = this.ready(sendable(headers))
        try {
          const tried = await tryRequest(request)
          this.setData({
            result: resultOf(tried, signed),
            tried: { request, answer: tried.body },
          })
        } catch (error) {
          this.setData({ result: failedResult(error, signed.method), tried: null })
        }
      }
      clearTimeout(waiting)
      this.setData({ isSending: false, isWaiting: false })
    },

    onInspect() {
      const { tried, signed } = this.data
      if (!tried) return
      const { method } = tried.request
      const { answer } = tried
      const headers = headerLines(signed?.headers ?? {})
      this.triggerEvent('inspect', { url: tried.request.url, method, headers, answer })
    },
  },
})

/** A key and what stands for it: long ones are told by their beginning. */
function named(key: string): { key: string; shown: string } {
  const visible = key.replace(/\t/g, '\\t')
  return { key, shown: visible.length > 24 ? `${visible.slice(0, 10)}…` : visible }
}

/** What is wrong with the fields before anything is signed. */
function problemsOf({ Key, Query, Headers, Expires }: Form): Problems {
  const problem = Key === '' ? undefined : keyProblem(Key) // empty: the bucket itself
  const query = readQuery(Query).wrongLine
  const header = readHeaders(Headers).wrongLine
  const problems: Problems = {}
  if (problem) problems.Key = t.key[problem]
  if (query !== undefined) problems.Query = fill(texts.wrongQuery, { line: query })
  if (header !== undefined) problems.Headers = fill(texts.wrongHeader, { line: header })
  if (Expires !== '' && !/^0*[1-9]\d*$/.test(Expires)) {
    problems.Expires = fill(texts.problems.Expires, { reason: Expires })
  }
  return problems
}

/** A TypeError of the signer, as the problem of the field that it names. */
function problemOf(error: unknown): Problems | undefined {
  if (!(error instanceof TypeError)) return undefined
  const name = /^[A-Z]\w+/.exec(error.message)?.[0] ?? ''
  const words = new Map(Object.entries(texts.problems)).get(name)
  return words === undefined ? undefined : { [name]: fill(words, { reason: error.message }) }
}

function sourceText(byServer: boolean): string {
  if (byServer) return texts.byServer
  return signingSource() === 'permanent-key' ? texts.byPermanentKey : texts.byTemporaryKey
}

function viewOf({ url, explanation }: Signed, request: ReadyRequest): SignedView {
  const { headers } = request
  const carried = Object.fromEntries(
    Object.entries(headers).filter(([name]) =>
      /^(authorization|x-cos-security-token)$/i.test(name),
    ),
  )
  const end = Number(explanation?.KeyTime.split(';')[1])
  return {
    url: request.url,
    masked: maskSigned(request.url),
    carried: headerLines(carried),
    maskedCarried: maskSigned(headerLines(carried)),
    until: explanation ? fill(texts.until, { time: dateTime(end) }) : texts.unsigned,
    authorization: explanation ? authorizationOf(url) : '',
    isSigned: explanation !== undefined,
    curl: toCurl(request),
    code: toWxCode(request),
  }
}

function stepsOf({ explanation }: Signed): StepView[] {
  const { KeyTime, SignKey, HttpString, StringToSign, GivenSignature } = explanation!
  const values = { KeyTime, SignKey, HttpString, StringToSign, Signature: GivenSignature }
  return Object.entries(values)
    .filter((step): step is [string, string] => step[1] !== undefined)
    .map(([name, value]) => ({
      name,
      about: texts.stepTexts[name as keyof typeof texts.stepTexts],
      value,
      isSecret: name === 'SignKey' || name === 'Signature',
    }))
}

function resultOf(tried: Tried, { method, explanation }: Signed): ResultView {
  const { statusCode, headers, body, text, size, failure } = tried
  const answer = failure && readAnswer(body)
  const note = body === '' ? texts.noBody : fill(texts.binary, { size })
  return {
    method: fill(texts.sent, { method }),
    status: String(statusCode),
    isSuccess: !failure,
    canInspect: failure !== undefined && explanation !== undefined,
    facts: headers.map(([label, value]) => ({ label, value })),
    text,
    note: text ? '' : note,
    failure: failure ? refusalView(failure, explanation !== undefined) : null,
    diff: (answer && explanation && comparisonView(answer, explanation, t)) ?? null,
  }
}

/** The comparison stands below, so there is no link to it. */
function refusalView(failure: Failure, isSigned: boolean): FailureView {
  const view = failureView({ ...failure, answer: undefined }, t)
  return isSigned || failure.code !== 'ACCESS_DENIED' ? view : { ...view, ...texts.notSigned }
}

function failedResult(error: unknown, method: string): ResultView {
  return {
    method: fill(texts.sent, { method }),
    status: '',
    isSuccess: false,
    canInspect: false,
    facts: [],
    text: '',
    note: '',
    failure: failureView(error, t),
    diff: null,
  }
}
