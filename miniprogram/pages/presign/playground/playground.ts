import type { FailureView } from '../../../components/failure-panel/failure-panel'
import { presignMessages } from '../../../i18n/presign/index'
import {
  signingKey,
  signingSource,
  userPrefix,
  type SigningKey,
  type Source,
} from '../../../signing/index'
import { whenNoticeable } from '../../noticeable'
import { failureView, withoutPrefix } from '../../views'
import type { Carrier } from '../carriers'
import {
  choices,
  fieldView,
  headerLines,
  METHODS,
  readHeaders,
  readQuery,
  type FieldView,
} from '../fields'
import { KEYS } from './hard-keys'
import {
  headersProblem,
  problemOf,
  problemsOf,
  signedView,
  type Problems,
  type SignedView,
} from './playground-view'
import { hasBody, readyRequest, signForm, signFormAtServer, type Form, type Signed } from './sign'
import { tryRequest, type ResultView } from './try-request'

const t = presignMessages()
const texts = t.playground

const CARRIERS: Carrier[] = ['flat', 'sign', 'header']

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
    parts: t.parts,
    names: { method: 'Method', sign: 'Sign', protocol: 'Protocol' },
    methods: choices(METHODS),
    carriers: CARRIERS.map((value) => ({ value, title: texts.carriers[value].title })),
    carrier: 'flat' as Carrier,
    protocols: choices(['https:', 'http:']),
    keys: KEYS,
    requestFields: [
      fieldView(
        'Query',
        'Query',
        `${texts.eachLine}\nresponse-content-disposition=attachment`,
        'all',
      ),
      fieldView('Headers', 'Headers', `${texts.eachLine}\nContent-Type: text/plain`, 'all'),
      fieldView('Expires', texts.expires, '900'),
    ],
    addressFields: [
      fieldView('Domain', 'Domain', texts.domain),
      fieldView('Bucket', 'Bucket', 'examplebucket-1250000000'),
      fieldView('Region', 'Region', 'ap-beijing'),
    ],
    prefix: '',
    source: 'temporary-key' as Source,
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
    hasBody: false,
    body: texts.bodyText,
    /** As typed, instead of the headers that are signed. */
    sentText: undefined as string | undefined,
    sentShown: '',
    sentProblem: '',
    isSending: false,
    isWaiting: false,
    result: null as ResultView | null,
  },

  lifetimes: {
    attached() {
      if (this.data.name) this.fillIn({ Key: this.data.name })
      void this.start()
    },
  },

  methods: {
    /** Logs in, which gives the prefix; then signs. */
    start(): Promise<void> {
      this.setData({ failure: null })
      return userPrefix().then(
        (prefix) => {
          this.setData({ prefix })
          this.fillIn({ Key: withoutPrefix(this.data.form.Key, prefix) })
          return this.refresh()
        },
        (error) => this.setData({ failure: failureView(error, t) }),
      )
    },

    /** A field has been typed into, or chosen from. */
    onType({
      detail,
      currentTarget,
    }: WechatMiniprogram.CustomEvent<{ value: string | boolean }, object, { name: keyof Form }>) {
      const { name } = currentTarget.dataset
      this.setData({ form: { ...this.data.form, [name]: detail.value } })
      return this.refresh()
    },
    onKey({ currentTarget }: WechatMiniprogram.BaseEvent<object, { key: string }>) {
      this.fillIn({ Key: currentTarget.dataset.key })
      return this.refresh()
    },
    onCarrier({ detail }: WechatMiniprogram.CustomEvent<{ value: Carrier }>) {
      this.setData({ carrier: detail.value })
      this.showSigned()
    },
    onFold({ currentTarget }: WechatMiniprogram.BaseEvent<object, { name: 'more' | 'address' }>) {
      const { name } = currentTarget.dataset
      this.setData({ [`opened.${name}`]: !this.data.opened[name] })
      this.openFaulty()
    },

    /** What is wrong is never out of sight. */
    openFaulty() {
      const { opened, problems, requestFields, addressFields } = this.data
      const isFaulty = (fields: FieldView[]) =>
        fields.some(({ name }) => problems[name as keyof Form])
      const more = opened.more || isFaulty(requestFields)
      const address = opened.address || isFaulty(addressFields)
      this.setData({ opened: { more, address } })
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

    signNewest(): Promise<void> {
      this.setData({ isStale: false })
      return this.sign().then(() => {
        if (this.data.isStale) return this.signNewest()
        underWay.delete(this)
        return undefined
      })
    },

    async sign() {
      const typed = () => ({ ...this.data.form, Key: this.data.prefix + this.data.form.Key })
      const form = typed()
      const problems = problemsOf(form)
      if (Object.keys(problems).length > 0) return this.showUnsigned(problems, null)
      try {
        const query = readQuery(form.Query).fields
        const key = await signingKey({ method: form.Method, query })
        if (key) this.proposeAddress(key)
        const signed = key ? signForm(typed(), key) : await signFormAtServer(form)
        if (this.data.isStale) return
        this.setData({ source: signingSource(), signed, problems: {}, failure: null })
        this.showSigned()
      } catch (error) {
        if (this.data.isStale) return
        const problem = problemOf(error, form)
        this.showUnsigned(problem ?? {}, problem ? null : failureView(error, t))
      }
    },

    showUnsigned(problems: Problems, failure: FailureView | null) {
      this.setData({ problems, failure, signed: null, view: null })
      this.openFaulty()
    },

    /** The key's own bucket, where nothing else has been typed. */
    proposeAddress({ Bucket, Region, Protocol, Domain = '' }: SigningKey) {
      const { form } = this.data
      if (form.Bucket || form.Region || form.Protocol) return
      this.fillIn({ Bucket, Region, Protocol, Domain })
    },

    showSigned() {
      const { signed, carrier, body, sentText } = this.data
      if (!signed) return
      this.setData({
        view: signedView(signed, carrier, this.sentHeaders(signed), body),
        hasBody: hasBody(signed.method),
        ...(sentText === undefined && { sentShown: headerLines(signed.headers) }),
      })
    },

    sentHeaders({ headers }: Signed) {
      const { sentText } = this.data
      return sentText === undefined ? headers : readHeaders(sentText).fields
    },

    onBody({ detail }: WechatMiniprogram.Input) {
      this.setData({ body: detail.value })
      this.showSigned()
    },
    onSentHeaders({ detail }: WechatMiniprogram.Input) {
      this.setData({ sentText: detail.value, sentProblem: headersProblem(detail.value) })
      this.showSigned()
    },
    onResetHeaders() {
      this.setData({ sentShown: this.data.sentText ?? '' })
      this.setData({ sentText: undefined, sentProblem: '' })
      this.showSigned()
    },

    /** Signs anew, for what is shown may have expired, and sends it. */
    onSend() {
      if (this.data.isSending || this.data.sentProblem) return
      this.setData({ isSending: true })
      const sending = this.refresh().then(() => this.send())
      whenNoticeable(sending, () => this.setData({ isWaiting: true }))
      void sending.then(() => this.setData({ isSending: false, isWaiting: false }))
    },

    send(): Promise<void> {
      const { signed, carrier, body } = this.data
      if (!signed) return Promise.resolve()
      const request = readyRequest(signed, carrier, this.sentHeaders(signed), body)
      return tryRequest(request, signed).then((result) => this.setData({ result }))
    },

    onInspect() {
      this.triggerEvent('inspect', this.data.result!.inspect)
    },
  },
})
