import type { FailureView } from '../../components/failure-panel/failure-panel'
import { presignMessages } from '../i18n/index'
import {
  serverUrl,
  signingKey,
  signingSource,
  userPrefix,
  type BucketKey,
  type Source,
} from '../../signing/index'
import { delaySpinner } from '../../components/delay-spinner'
import { latest } from '../../components/latest'
import { describeFailure } from '../../demo/describe'
import { withoutPrefix } from '../../signing/index'
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
import { TRICKY_KEYS } from './tricky-keys'
import {
  headersProblem,
  errorProblem,
  validateForm,
  signedView,
  type Problems,
  type SignedView,
} from './playground-view'
import { hasBody, readyRequest, signForm, signFormAtServer, type Form, type Signed } from './sign'
import { tryRequest, type ResultView } from './try-request'

const t = presignMessages()
const texts = t.playground

const CARRIERS: Carrier[] = ['flat', 'sign', 'header']

/** The signature that is being made, by component. */
const signings = new WeakMap<object, Promise<void>>()

const latestForm = latest()

/** What the fields of a key begin with where there is no server. */
const EXAMPLE_KEY = {
  SecretId: 'AKIDEXAMPLE',
  SecretKey: 'example-secret-key',
  SecurityToken: '',
}

/** The key as typed, by component: a SecretKey stays out of `data`. */
const typedKeys = new WeakMap<object, typeof EXAMPLE_KEY>()

type TextEvent = WechatMiniprogram.CustomEvent<{ value: string }>

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
    /** What fields begin with, where it is not the default. */
    fields: { type: Object, value: {} as Partial<Form> },
  },

  data: {
    t: texts,
    parts: t.parts,
    names: { method: 'Method', sign: 'Sign', protocol: 'Protocol' },
    methods: choices(METHODS),
    carriers: CARRIERS.map((value) => ({ value, title: texts.carriers[value].title })),
    carrier: 'flat' as Carrier,
    protocols: choices(['https:', 'http:']),
    keys: TRICKY_KEYS,
    requestFields: [
      fieldView(
        'Query',
        'Query',
        `${texts.eachLine}\nresponse-content-disposition=attachment`,
        'all',
      ),
      fieldView('Headers', 'Headers', `${texts.eachLine}\nContent-Type: text/plain`, 'all'),
      fieldView('Expires', 'Expires', '900', '', texts.seconds),
    ],
    addressFields: [
      fieldView('Domain', 'Domain', texts.domain),
      fieldView('Bucket', 'Bucket', 'examplebucket-1250000000'),
      fieldView('Region', 'Region', 'ap-beijing'),
    ],
    prefix: '',
    /** Without a server, the key is typed in and nothing is sent. */
    isOffline: serverUrl() === '',
    keyFields: Object.keys(EXAMPLE_KEY) as (keyof typeof EXAMPLE_KEY)[],
    exampleKey: EXAMPLE_KEY,
    source: 'temporary-key' as Source,
    /** The key is below the prefix. */
    form: FORM,
    problems: {} as Problems,
    failure: null as FailureView | null,
    opened: { more: false, address: false },
    signed: null as Signed | null,
    view: null as SignedView | null,
    hasBody: false,
    body: texts.bodyText,
    /** The headers to send: those that are signed, until they are edited. */
    sentText: '',
    areHeadersEdited: false,
    sentProblem: '',
    isSending: false,
    isWaiting: false,
    result: null as ResultView | null,
  },

  lifetimes: {
    attached() {
      this.fillIn(this.data.fields)
      void this.start()
    },
  },

  methods: {
    /** Logs in, which gives the prefix; then signs. */
    start(): Promise<void> {
      this.setData({ failure: null })
      if (this.data.isOffline) return this.refresh()
      return userPrefix().then(
        (prefix) => {
          this.setData({ prefix })
          this.fillIn({ Key: withoutPrefix(this.data.form.Key, prefix) })
          return this.refresh()
        },
        (error) => this.setData({ failure: describeFailure(error, t) }),
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
    onTypeKey({
      detail,
      currentTarget,
    }: WechatMiniprogram.Input<object, { name: keyof typeof EXAMPLE_KEY }>) {
      const key = typedKeys.get(this) ?? EXAMPLE_KEY
      typedKeys.set(this, { ...key, [currentTarget.dataset.name]: detail.value.trim() })
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
      this.unfoldProblems()
    },

    /** Unfolds the sections that have a problem. */
    unfoldProblems() {
      const { opened, problems, requestFields, addressFields } = this.data
      const hasProblem = (fields: FieldView[]) =>
        fields.some(({ name }) => problems[name as keyof Form])
      const more = opened.more || hasProblem(requestFields)
      const address = opened.address || hasProblem(addressFields)
      this.setData({ opened: { more, address } })
    },

    fillIn(changed: Partial<Form>) {
      this.setData({ form: { ...this.data.form, ...changed } })
    },

    /** Signs the form, one signature at a time. A change while it signs starts the next one. */
    refresh(): Promise<void> {
      latestForm(this)
      const signing = signings.get(this) ?? this.signLatest()
      signings.set(this, signing)
      return signing
    },

    async signLatest(): Promise<void> {
      const isCurrent = latestForm(this)
      await this.sign(isCurrent)
      if (!isCurrent()) return this.signLatest()
      signings.delete(this)
    },

    async sign(isCurrent: () => boolean) {
      const typed = () => ({ ...this.data.form, Key: this.data.prefix + this.data.form.Key })
      const form = typed()
      const problems = validateForm(form)
      if (Object.keys(problems).length > 0) return this.showUnsigned(problems, null)
      try {
        const query = readQuery(form.Query).fields
        const key = this.data.isOffline
          ? this.typedKey()
          : await signingKey({ method: form.Method, query })
        if (key) this.fillInAddress(key)
        const signed = key ? signForm(typed(), key) : await signFormAtServer(form)
        if (!isCurrent()) return
        this.setData({ source: signingSource(), signed, problems: {}, failure: null })
        this.showSigned()
      } catch (error) {
        if (!isCurrent()) return
        const problem = errorProblem(error, { ...EXAMPLE_KEY, ...form })
        this.showUnsigned(problem ?? {}, problem ? null : describeFailure(error, t))
      }
    },

    /** For the example bucket until another one is typed. */
    typedKey(): BucketKey {
      const { SecurityToken, ...key } = typedKeys.get(this) ?? EXAMPLE_KEY
      const bucket = {
        Bucket: 'examplebucket-1250000000',
        Region: 'ap-beijing',
        Protocol: 'https:',
      }
      return { ...key, ...(SecurityToken && { SecurityToken }), ...bucket }
    },

    showUnsigned(problems: Problems, failure: FailureView | null) {
      this.setData({ problems, failure, signed: null, view: null })
      this.unfoldProblems()
    },

    /** Fills in the bucket of the key where nothing was typed. */
    fillInAddress({ Bucket, Region, Protocol, Domain = '' }: BucketKey) {
      const { form } = this.data
      if (form.Bucket || form.Region || form.Protocol) return
      this.fillIn({ Bucket, Region, Protocol, Domain })
    },

    showSigned() {
      const { signed, carrier, body, areHeadersEdited } = this.data
      if (!signed) return
      if (!areHeadersEdited) this.setData({ sentText: headerLines(signed.headers) })
      this.setData({
        view: signedView(signed, carrier, readHeaders(this.data.sentText).fields, body),
        hasBody: hasBody(signed.method),
      })
    },

    onBody({ detail }: TextEvent) {
      this.setData({ body: detail.value })
      this.showSigned()
    },
    onSentHeaders({ detail: { value } }: TextEvent) {
      this.setData({ sentText: value, areHeadersEdited: true, sentProblem: headersProblem(value) })
      this.showSigned()
    },
    onResetHeaders() {
      this.setData({ areHeadersEdited: false, sentProblem: '' })
      this.showSigned()
    },

    /** Signs again, because the shown signature may have expired, then sends. */
    onSend() {
      if (this.data.isSending || this.data.sentProblem) return
      this.setData({ isSending: true })
      const sending = this.refresh().then(() => this.send())
      delaySpinner(sending, () => this.setData({ isWaiting: true }))
      void sending.then(() => this.setData({ isSending: false, isWaiting: false }))
    },

    send(): Promise<void> {
      const { signed, carrier, body, sentText } = this.data
      if (!signed) return Promise.resolve()
      const request = readyRequest(signed, carrier, readHeaders(sentText).fields, body)
      return tryRequest(request, signed).then((result) => this.setData({ result }))
    },

    onInspect() {
      this.triggerEvent('inspect', this.data.result!.inspect)
    },
  },
})
