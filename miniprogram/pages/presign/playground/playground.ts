import type { FailureView } from '../../../components/failure-panel/failure-panel'
import type { Method } from '../../../cos/index'
import { fill } from '../../../i18n/index'
import { presignMessages } from '../../../i18n/presign/index'
import { signingKey, userPrefix, type SigningKey } from '../../../signing/index'
import { failureView, withoutPrefix, type Fact } from '../../views'
import { carry, type Carrier } from '../carriers'
import type { ReadyRequest } from '../copy-as'
import { headerLines, readHeaders, readQuery } from '../fields'
import type { InspectorInput } from '../inspector/inspector'
import { HARD_KEYS, REFUSED_KEYS } from './hard-keys'
import {
  failedResult,
  named,
  problemOf,
  problemsOf,
  resultOf,
  signedParts,
  signedView,
  sourceText,
  stepsOf,
  type Problems,
  type ResultView,
  type SignedView,
  type StepView,
} from './playground-view'
import {
  hasBody,
  lacksType,
  sendable,
  signForm,
  signFormAtServer,
  type Form,
  type Signed,
} from './sign'
import { tryRequest } from './try-request'

const t = presignMessages()
const texts = t.playground

const METHODS: Method[] = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']
const CARRIERS: Carrier[] = ['flat', 'sign', 'header']

/** Milliseconds: what is over sooner shows no sign of waiting. */
const PATIENCE = 300

/** The signing that is under way, by the playground that it is for. */
const underWay = new WeakMap<object, Promise<void>>()

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
    /** What was sent, whatever carried its signature. */
    tried: null as InspectorInput | null,
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
      const { method, headers } = signed
      this.setData({
        view: signedView(signed, this.ready(headers)),
        steps: stepsOf(signed),
        signedParts: signedParts(signed),
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
        try {
          const tried = await tryRequest(this.ready(sendable(headers)))
          this.setData({
            result: resultOf(tried, signed),
            tried: {
              url: signed.url,
              method: signed.method,
              headers: headerLines(signed.headers),
              answer: tried.body,
            },
          })
        } catch (error) {
          this.setData({ result: failedResult(error, signed.method), tried: null })
        }
      }
      clearTimeout(waiting)
      this.setData({ isSending: false, isWaiting: false })
    },

    onInspect() {
      if (this.data.tried) this.triggerEvent('inspect', this.data.tried)
    },
  },
})
