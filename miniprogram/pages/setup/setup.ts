import type { FailureView } from '../../components/failure-panel/failure-panel'
import { config } from '../../config'
import { chooseLanguage, chosenLanguage, fill, type Language } from '../../i18n/index'
import { setupMessages } from '../../i18n/setup/index'
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
  type PermanentKey,
  type ServerConfig,
  type Source,
} from '../../signing/index'
import { asFailure, wxFailure } from '../../transfer/failure'
import { whenNoticeable } from '../noticeable'
import { failureView } from '../views'
import { allowlists, isLoopback, serverAddress, type Allowlist } from './addresses'
import { CHECKS, runChecks, type CheckName, type CheckResult } from './checks'

const messages = setupMessages()
const t = messages.setup

/** The fields of a permanent key, spelled as COS spells them. */
const NO_KEY = { SecretId: '', SecretKey: '', Bucket: '', Region: '', Domain: '' }
type Field = keyof typeof NO_KEY
const FIELDS = Object.keys(NO_KEY) as Field[]

/** Where a key signs for. */
type Place = Pick<ServerConfig, 'bucket' | 'region' | 'host' | 'localCloud'> & { protocol: string }

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

/** What became of a choice. */
interface Said {
  text: string
  /** A class. */
  tone: 'good' | 'problem' | 'hint'
  failure: FailureView
}
/** Where it is said. */
type Section = 'server' | 'source' | 'key' | 'language' | 'reset'

/** Whether this works here, and what can be chosen: server, signing source, language. */
Page({
  /** Counts the runs of the checks: the results of a former run are not shown any more. */
  run: 0,
  /** Counts the choices of a server: the answer to a former one is not used any more. */
  choice: 0,
  /** As typed. Typing is not echoed: a late echo would undo it. */
  address: '',
  key: {} as Partial<typeof NO_KEY>,
  /** What the checks have found. */
  server: {} as Partial<Place>,
  cos: undefined as string | undefined,

  data: {
    t,
    said: {} as Record<Section, Partial<Said>>,

    marks: { running: '…', ok: '✓', warning: '!', failed: '✗', none: '–' },
    checks: CHECKS.map((name): Check => ({ name, state: 'running', text: '' })),
    /** They have been under way for a while. */
    checking: false,
    summary: t.checks.checking,

    serverUrl: '',
    isConfigured: true,
    isOnThisPhone: false,
    isRelease: isRelease(),
    lanCommand: 'npm start -- --lan',
    addressField: '',

    sources: (Object.keys(messages.sources) as Source[]).map((value): Choice => {
      const { title: name, text } = messages.sources[value]
      const disabled = value === 'permanent-key' && !permanentKeyAllowed()
      return { value, name, text: disabled ? text + t.notAllowed : text, disabled }
    }),
    /** The one that is marked: a permanent key is in use only after its form was sent. */
    marked: '' as Source | '',
    fields: FIELDS,
    proposed: NO_KEY,

    allowlists: [] as Allowlist[],
    isRefused: false,
    isCosUnknown: false,

    /** Each in its own words. */
    languages: [
      { value: 'wechat', name: t.language.follow },
      { value: 'zh-CN', name: '简体中文' },
      { value: 'en', name: 'English' },
    ] as Choice[],
    language: '',

    confirming: false,
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
    this.showChoices()
    this.showServer()
    this.checkAnew()
    if (signingSource() === 'permanent-key') this.proposeInUse()
  },

  onReady() {
    const { section } = this.options
    if (section) wx.pageScrollTo({ selector: `#${section}`, duration: 0 })
  },

  onUnload() {
    this.run++
    this.choice++
  },

  /** What is in use. */
  showChoices() {
    this.key = {}
    this.setData({ marked: signingSource(), language: chosenLanguage() ?? 'wechat' })
    this.showSource()
    const canRestart = wx.restartMiniProgram !== undefined
    const { restarts, nextLaunch } = t.language
    this.say('language', { text: canRestart ? restarts : nextLaunch, tone: 'hint' })
  },

  say(section: Section, said: Partial<Said> = {}) {
    this.setData({ [`said.${section}`]: said })
  },

  /* Checks */

  /** What was found is not true of what has been chosen. */
  checkAnew() {
    this.cos = undefined
    this.showDomains()
    void this.onCheck()
  },

  onCheck() {
    const run = ++this.run
    const isCurrent = () => run === this.run
    const pending = new Set<CheckName>(CHECKS)
    const show = (check: Check) =>
      this.setData({ [`checks[${CHECKS.indexOf(check.name)}]`]: check })
    const checks = runChecks((name, result, { server, cos }) => {
      pending.delete(name)
      if (!isCurrent()) return
      show({ name, ...result })
      if (name === 'server' && server) this.propose(server)
      if (cos && cos !== this.cos) {
        this.cos = cos
        this.showDomains()
      }
    })
    // The former results stay until then.
    whenNoticeable(checks, () => {
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

  onTypeAddress({ detail }: WechatMiniprogram.Input) {
    this.choice++
    this.address = detail.value
    this.say('server')
  },

  /** Asks the new server before the former one is given up. */
  onUseAddress() {
    const choice = ++this.choice
    const isCurrent = () => choice === this.choice
    const address = serverAddress(this.address)
    if (!address) return this.say('server', { text: t.server.invalid, tone: 'problem' })
    this.say('server')
    const answer = serverConfig(address)
    whenNoticeable(answer, () => {
      if (isCurrent()) this.say('server', { text: t.checks.checking })
    })
    return answer
      .then(() => {
        if (isCurrent()) this.useServer(address, t.server.used)
      })
      .catch((error: unknown) => {
        const failure = addressFailure(error)
        if (isCurrent()) this.say('server', { text: t.server.kept, tone: 'problem', failure })
      })
  },

  onScan() {
    wx.scanCode({
      scanType: ['qrCode'],
      success: ({ result }) => {
        this.setAddress(result)
        void this.onUseAddress()
      },
      fail: (error) => {
        const failure = wxFailure(error)
        if (failure.code !== 'CANCELLED') this.say('server', { failure: viewOf(failure) })
      },
    })
  },

  onBackToConfig() {
    this.useServer(undefined, t.server.restored)
  },

  setAddress(address: string) {
    this.setData({ addressField: this.address }) // the field holds it: only a change reaches it
    this.address = address
    this.setData({ addressField: address })
  },

  useServer(address: string | undefined, status: string) {
    chooseServer(address)
    this.choice++
    this.setAddress('')
    this.say('server', { text: status, tone: 'good' })
    this.showServer()
    this.checkAnew()
  },

  /* Signing source */

  showSource(failure?: FailureView) {
    const { title } = messages.sources[signingSource()]
    this.say('source', { text: fill(t.inUse, { source: title }), tone: 'good', failure })
  },

  onMark({ detail }: WechatMiniprogram.CustomEvent<{ value: Source }>) {
    const { value } = detail
    this.setData({ marked: value })
    this.showSource()
    this.say('key')
    if (value === 'permanent-key') return
    this.key = {} // what was typed goes with the form
    if (!this.choose(value)) this.setData({ marked: signingSource() })
  },

  /** The server's bucket, where nothing else was typed meanwhile. Real COS needs no Domain. */
  propose(server: Place) {
    this.server = server
    const { bucket, region, host, localCloud } = server
    const proposed = { ...NO_KEY, Bucket: bucket, Region: region, Domain: localCloud ? host : '' }
    FIELDS.filter((name) => !(name in this.key)).forEach((name) =>
      this.setData({ [`proposed.${name}`]: proposed[name] }),
    )
  },

  /** Where a permanent key signs, no check asks the server. */
  proposeInUse() {
    void signingKey({ method: 'GET' }).then((key) => {
      if (!key) return
      const { Bucket, Region, Domain: host = '', Protocol: protocol } = key
      this.propose({ bucket: Bucket, region: Region, host, protocol, localCloud: true })
    })
  },

  onType({ detail, currentTarget }: WechatMiniprogram.Input<object, { name: Field }>) {
    this.key[currentTarget.dataset.name] = detail.value.trim()
    this.say('key')
  },

  onUseKey() {
    const key = { ...this.data.proposed, ...this.key }
    const missing = FIELDS.filter((name) => name !== 'Domain' && !key[name])
    if (missing.length > 0) {
      const text = fill(t.missing, { fields: missing.join(t.comma) })
      return this.say('key', { text, tone: 'problem' })
    }
    const Protocol = key.Domain === this.server.host ? this.server.protocol : 'https:'
    const isUsed = this.choose('permanent-key', { ...key, Protocol })
    this.say('key', isUsed ? { text: t.keyUsed, tone: 'good' } : {})
  },

  /** Whether the source is in use now. */
  choose(source: Source, key?: PermanentKey): boolean {
    try {
      chooseSource(source, key)
    } catch (error) {
      this.showSource(viewOf(error))
      return false
    }
    this.showSource()
    this.checkAnew()
    return true
  },

  /* Allowlists */

  /** What is not known yet may be known soon: only when the checks are over it is missing. */
  showDomains(isOver = false) {
    const server = signingSource() === 'permanent-key' ? undefined : serverUrl()
    const lists = allowlists(server, this.cos)
    this.setData({
      allowlists: lists,
      isRefused: lists.some(({ entries }) => entries.some(({ taken }) => !taken)),
      isCosUnknown: isOver && !this.cos,
    })
  },

  /* Language and reset */

  onLanguage({ detail }: WechatMiniprogram.CustomEvent<{ value: Language | 'wechat' }>) {
    try {
      chooseLanguage(detail.value === 'wechat' ? undefined : detail.value)
    } catch (error) {
      return this.say('language', { failure: viewOf(error) })
    }
    this.setData({ language: detail.value })
    this.restart('language', t.language.nextLaunch)
  },

  /** Texts are chosen at launch. */
  restart(section: Section, otherwise: string) {
    const fail = () => this.say(section, { text: otherwise, tone: 'hint' })
    if (!wx.restartMiniProgram) return fail()
    wx.restartMiniProgram({ path: `/pages/setup/setup?section=${section}`, fail })
  },

  onAskReset() {
    this.setData({ confirming: !this.data.confirming })
    this.say('reset')
  },

  onReset() {
    forgetChoices()
    chooseLanguage(undefined)
    this.setData({ confirming: false })
    this.say('key')
    this.showChoices()
    this.useServer(undefined, '')
    this.restart('reset', t.reset.done)
  },
})

function summaryOf(checks: Check[]): string {
  const count = (of: Check['state']) => checks.filter(({ state }) => state === of).length
  if (count('failed') > 0) return fill(t.checks.failed, { count: count('failed') })
  if (count('warning') > 0) return fill(t.checks.warnings, { count: count('warning') })
  return checks.some(({ fix }) => fix) ? t.checks.fineButOne : t.checks.allFine
}

/** Why a choice was not kept. */
function viewOf(error: unknown): FailureView {
  const view = failureView(error, messages)
  return asFailure(error).code === 'STORAGE_REFUSED' ? { ...view, ...t.notKept } : view
}

/** What is wrong with an address that was tried. */
function addressFailure(error: unknown): FailureView {
  const { code, errorCode } = asFailure(error)
  const isForeign = code === 'SERVER_REFUSED' && !errorCode
  return isForeign ? { ...viewOf(error), ...t.server.notOurs } : viewOf(error)
}
