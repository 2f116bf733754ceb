import type { FailureView } from '../components/failure-panel/failure-panel'
import { config } from '../config'
import { chooseLanguage, chosenLanguage, fill, type Language } from '../i18n/index'
import { setupMessages } from './i18n/index'
import {
  chooseServer,
  chooseSource,
  forgetChoices,
  isRelease,
  permanentKeyAllowed,
  serverConfig,
  serverUrl,
  signingKey,
  signingSource,
  type BucketKey,
  type ServerConfig,
  type Source,
} from '../signing/index'
import { asFailure, wxFailure } from '../transfer/failure'
import { delaySpinner } from '../components/delay-spinner'
import { latest } from '../components/latest'
import { describeFailure } from '../demo/describe'
import { allowlists, isLoopback, serverAddress, type Allowlist } from './addresses'
import { CHECKS, runChecks, type CheckName, type CheckResult } from './checks'

const messages = setupMessages()
const t = messages.setup

/** The fields of a permanent key, spelled as COS spells them. */
const NO_KEY = { SecretId: '', SecretKey: '', Bucket: '', Region: '', Domain: '' }
type Field = keyof typeof NO_KEY
const FIELDS = Object.keys(NO_KEY) as Field[]

type TextEvent = WechatMiniprogram.CustomEvent<{ value: string }>

/** The bucket that a key signs for. */
type Location = Pick<ServerConfig, 'bucket' | 'region' | 'host' | 'localCloud'> & {
  protocol: string
}

/** A line of a group of radio buttons. */
interface Choice {
  value: string
  name: string
  text?: string
  disabled?: boolean
}

interface Check extends CheckResult {
  name: CheckName
}

/** Feedback for one section. */
interface Notice {
  text: string
  /** A class. */
  tone: 'good' | 'problem' | 'hint'
  failure: FailureView
}
type Section = 'server' | 'source' | 'key' | 'language' | 'reset'

/** What folds, in the order of the page. */
type Topic = 'server' | 'source' | 'domains' | 'language' | 'reset'

const latestChecks = latest()
const latestServer = latest()

/** Checks that the app works here. Chooses server, signing source and language. */
Page({
  /** The permanent key as typed. A SecretKey stays out of `data`. */
  key: {} as Partial<typeof NO_KEY>,
  /** What the checks have found. */
  server: {} as Partial<Location>,
  cos: undefined as string | undefined,

  data: {
    t,
    phoneTitle: messages.phone.title,
    /** Of the last action only. */
    notices: {} as Partial<Record<Section, Partial<Notice>>>,
    opened: {} as Partial<Record<Topic, boolean>>,

    icons: { running: '…', ok: '✓', warning: '!', failed: '✗', none: '–' },
    checks: CHECKS.map((name): Check => ({ name, state: 'running', text: '' })),
    /** The checks take long enough to show it. */
    checking: false,
    summary: t.checks.checking,

    serverUrl: '',
    isConfigured: true,
    isOnThisPhone: false,
    isRelease: isRelease(),
    lanCommand: 'npm start -- --lan',
    address: '',

    sources: (Object.keys(messages.sources) as Source[]).map((value): Choice => {
      const { title: name, text } = messages.sources[value]
      const disabled = value === 'permanent-key' && !permanentKeyAllowed()
      return { value, name, text: disabled ? text + t.notAllowed : text, disabled }
    }),
    /** A permanent key is in use only after its form is submitted. */
    selectedSource: '' as Source | '',
    /** Title of the one that signs. */
    sourceInUse: '',
    fields: FIELDS,
    defaults: NO_KEY,

    allowlists: [] as Allowlist[],
    isRefused: false,
    /** Nothing to enter: only addresses that the console does not accept. */
    areAllRefused: false,
    isCosUnknown: false,

    /** Each in its own words. */
    languages: [
      { value: 'wechat', name: t.language.follow },
      { value: 'zh-CN', name: '简体中文' },
      { value: 'en', name: 'English' },
    ] as Choice[],
    language: '',
    languageInUse: '',
    languageHint: wx.restartMiniProgram !== undefined ? t.language.restarts : t.language.nextLaunch,

    confirming: false,
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
    this.showChoices()
    this.showServer()
    this.checkAgain()
    if (signingSource() === 'permanent-key') this.fillInCurrentLocation()
  },

  onReady() {
    const { section } = this.options
    if (!section) return
    this.setData({ [`opened.${section}`]: true })
    wx.pageScrollTo({ selector: `#${section}`, duration: 0 })
  },

  onUnload() {
    latestChecks(this)
    latestServer(this)
  },

  /** What is in use. */
  showChoices() {
    this.key = {}
    this.setData({ selectedSource: signingSource() })
    this.showLanguage()
    this.showSource()
  },

  /** Replaces what the action before it said. */
  showNotice(section: Section, notice: Partial<Notice> = {}) {
    this.setData({ notices: { [section]: notice } })
  },

  onFold({ currentTarget }: WechatMiniprogram.BaseEvent<object, { name: Topic }>) {
    const { name } = currentTarget.dataset
    this.setData({ [`opened.${name}`]: !this.data.opened[name] })
  },

  /* Checks */

  /** Earlier results do not hold for a new choice. */
  checkAgain() {
    this.cos = undefined
    this.showDomains()
    void this.onCheck()
  },

  onCheckAgain() {
    this.setData({ notices: {} })
    void this.onCheck()
  },

  onCheck() {
    const isCurrent = latestChecks(this)
    const pending = new Set<CheckName>(CHECKS)
    const show = (check: Check) =>
      this.setData({ [`checks[${CHECKS.indexOf(check.name)}]`]: check })
    const checks = runChecks((name, result, { server, cos }) => {
      pending.delete(name)
      if (!isCurrent()) return
      show({ name, ...result })
      if (name === 'server' && server) this.fillInLocation(server)
      if (cos && cos !== this.cos) {
        this.cos = cos
        this.showDomains()
      }
    })
    // Earlier results stay until then.
    delaySpinner(checks, () => {
      if (!isCurrent()) return
      this.setData({ checking: true, summary: t.checks.checking })
      pending.forEach((name) => show({ name, state: 'running', text: '' }))
    })
    return checks.then(() => {
      if (!isCurrent()) return
      this.setData({ checking: false, summary: summaryOf(this.data.checks) })
      this.showDomains(true)
    })
  },

  /* Server address */

  showServer() {
    const address = serverUrl()
    this.setData({
      serverUrl: address,
      isConfigured: address === config.serverUrl,
      isOnThisPhone: isLoopback(address) && wx.getDeviceInfo().platform !== 'devtools',
    })
  },

  onTypeAddress({ detail }: TextEvent) {
    latestServer(this)
    this.setData({ address: detail.value })
    this.showNotice('server')
  },

  /** The current server stays in use until the new one responds. */
  onUseAddress() {
    const isCurrent = latestServer(this)
    const address = serverAddress(this.data.address)
    if (!address) return this.showNotice('server', { text: t.server.invalid, tone: 'problem' })
    this.showNotice('server')
    const answer = serverConfig(address)
    delaySpinner(answer, () => {
      if (isCurrent()) this.showNotice('server', { text: t.checks.checking })
    })
    return answer
      .then(() => {
        if (isCurrent()) this.useServer(address, t.server.used)
      })
      .catch((error: unknown) => {
        const failure = addressFailure(error)
        if (isCurrent())
          this.showNotice('server', { text: t.server.kept, tone: 'problem', failure })
      })
  },

  onScan() {
    wx.scanCode({
      scanType: ['qrCode'],
      success: ({ result }) => {
        this.setData({ address: result })
        void this.onUseAddress()
      },
      fail: (error) => {
        const failure = wxFailure(error)
        if (failure.code !== 'CANCELLED') this.showNotice('server', { failure: viewOf(failure) })
      },
    })
  },

  onBackToConfig() {
    this.useServer(undefined, t.server.restored)
  },

  useServer(address: string | undefined, status: string) {
    chooseServer(address)
    latestServer(this)
    this.setData({ address: '' })
    this.showNotice('server', { text: status, tone: 'good' })
    this.showServer()
    this.checkAgain()
  },

  /* Signing source */

  showSource(failure?: FailureView) {
    this.setData({ sourceInUse: messages.sources[signingSource()].title })
    this.showNotice('source', failure && { failure })
  },

  onSelectSource({ detail }: WechatMiniprogram.CustomEvent<{ value: Source }>) {
    const { value } = detail
    this.setData({ selectedSource: value })
    this.showSource()
    if (value === 'permanent-key') return
    this.key = {}
    if (!this.choose(value)) this.setData({ selectedSource: signingSource() })
  },

  /** Fills in the server's bucket where nothing was typed. Real COS needs no Domain. */
  fillInLocation(server: Location) {
    this.server = server
    const { bucket, region, host, localCloud } = server
    const defaults = { ...NO_KEY, Bucket: bucket, Region: region, Domain: localCloud ? host : '' }
    FIELDS.filter((name) => !(name in this.key)).forEach((name) =>
      this.setData({ [`defaults.${name}`]: defaults[name] }),
    )
  },

  /** Where a permanent key signs, no check asks the server. */
  fillInCurrentLocation() {
    void signingKey({ method: 'GET' }).then((key) => {
      if (!key) return
      const { Bucket, Region, Domain: host = '', Protocol: protocol = 'https:' } = key
      this.fillInLocation({ bucket: Bucket, region: Region, host, protocol, localCloud: true })
    })
  },

  onType({ detail, currentTarget }: WechatMiniprogram.Input<object, { name: Field }>) {
    this.key[currentTarget.dataset.name] = detail.value.trim()
    this.showNotice('key')
  },

  onUseKey() {
    const key = { ...this.data.defaults, ...this.key }
    const missing = FIELDS.filter((name) => name !== 'Domain' && !key[name])
    if (missing.length > 0) {
      const text = fill(t.missing, { fields: missing.join(t.comma) })
      return this.showNotice('key', { text, tone: 'problem' })
    }
    const Protocol = key.Domain === this.server.host ? this.server.protocol : 'https:'
    const isUsed = this.choose('permanent-key', { ...key, Protocol })
    if (isUsed) this.showNotice('key', { text: t.keyUsed, tone: 'good' })
  },

  /** Whether the source is in use now. */
  choose(source: Source, key?: BucketKey): boolean {
    try {
      chooseSource(source, key)
    } catch (error) {
      const text = keyProblem(error)
      if (text) this.showNotice('key', { text, tone: 'problem' })
      else this.showSource(viewOf(error))
      return false
    }
    this.showSource()
    this.checkAgain()
    return true
  },

  /* Allowlists */

  /** An unknown COS domain counts as missing only once the checks are over. */
  showDomains(isOver = false) {
    const server = signingSource() === 'permanent-key' ? undefined : serverUrl()
    const lists = allowlists(server, this.cos)
    this.setData({
      allowlists: lists,
      isRefused: lists.some(({ entries }) => entries.some(({ isAccepted }) => !isAccepted)),
      areAllRefused: lists.every(({ text }) => text === ''),
      isCosUnknown: isOver && !this.cos,
    })
  },

  /* Language and reset */

  onLanguage({ detail }: WechatMiniprogram.CustomEvent<{ value: Language | 'wechat' }>) {
    try {
      chooseLanguage(detail.value === 'wechat' ? undefined : detail.value)
    } catch (error) {
      return this.showNotice('language', { failure: viewOf(error) })
    }
    this.showLanguage()
    this.restart('language', t.language.nextLaunch)
  },

  showLanguage() {
    const language = chosenLanguage() ?? 'wechat'
    const chosen = this.data.languages.find(({ value }) => value === language)
    this.setData({ language, languageInUse: chosen!.name })
  },

  /** Texts are chosen at launch. */
  restart(section: Section, otherwise: string) {
    const fail = () => this.showNotice(section, { text: otherwise, tone: 'hint' })
    if (!wx.restartMiniProgram) return fail()
    wx.restartMiniProgram({ path: `/setup/setup?section=${section}`, fail })
  },

  onAskReset() {
    this.setData({ confirming: !this.data.confirming })
    this.showNotice('reset')
  },

  onReset() {
    forgetChoices()
    chooseLanguage(undefined)
    this.setData({ confirming: false })
    this.showChoices()
    this.useServer(undefined, '')
    this.restart('reset', t.reset.done)
  },
})

function summaryOf(checks: Check[]): string {
  const count = (of: Check['state']) => checks.filter(({ state }) => state === of).length
  if (count('failed') > 0) return fill(t.checks.failed, { count: count('failed') })
  if (count('warning') > 0) return fill(t.checks.warnings, { count: count('warning') })
  return t.checks.allFine
}

/** A TypeError of the signer, in words for the field that it names; undefined for other errors. */
function keyProblem(error: unknown): string | undefined {
  if (!(error instanceof TypeError)) return undefined
  const field = FIELDS.find((name) => error.message.startsWith(name))
  return field && t.keyProblems[field]
}

/** Why a choice was not saved. */
function viewOf(error: unknown): FailureView {
  const view = describeFailure(error, messages)
  return asFailure(error).code === 'STORAGE_REFUSED' ? { ...view, ...t.notSaved } : view
}

/** Why an address does not work. */
function addressFailure(error: unknown): FailureView {
  const { code, errorCode } = asFailure(error)
  const isForeign = code === 'SERVER_REFUSED' && !errorCode
  return isForeign ? { ...viewOf(error), ...t.server.notOurs } : viewOf(error)
}
