import type { Check } from '../../components/check-list/check-list'
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
  signingSource,
  type PermanentKey,
  type ServerConfig,
  type Source,
} from '../../signing/index'
import { systemClock } from '../../transfer/clock'
import { asFailure, wxFailure } from '../../transfer/failure'
import { NOTICEABLE } from '../noticeable'
import { failureView } from '../views'
import { allowlists, isLoopback, serverAddress, type Allowlist } from './addresses'
import { CHECKS, runChecks, type CheckName } from './checks'

const t = setupMessages()

const SOURCES: Source[] = ['temporary-key', 'server-signed', 'permanent-key']

/** The fields of a permanent key, spelled as COS spells them. */
const FIELDS = ['SecretId', 'SecretKey', 'Bucket', 'Region', 'Domain'] as const
type Field = (typeof FIELDS)[number]

/** Each language in its own words. */
const LANGUAGES: { value: Language | 'wechat'; name: string }[] = [
  { value: 'wechat', name: t.setup.language.follow },
  { value: 'zh-CN', name: '简体中文' },
  { value: 'en', name: 'English' },
]

/** Whether this works here, and what can be chosen: server, signing source, language. */
Page({
  /** Counts the runs of the checks: the results of a former run are not shown any more. */
  run: 0,
  /** Counts the choices of a server: the answer to a former one is not used any more. */
  choice: 0,
  /** As typed. Typing is not echoed: a late echo would undo it. */
  address: '',
  key: {} as Record<Field, string>,
  server: undefined as ServerConfig | undefined,
  cos: undefined as string | undefined,

  data: {
    t: t.setup,
    checks: CHECKS.map((name): Check => ({
      name: t.setup.checks.names[name],
      state: 'running',
      text: '',
    })),
    checking: false,

    serverUrl: '',
    isConfigured: true,
    isRelease: isRelease(),
    serverHint: '',
    lanCommand: 'npm start -- --lan',
    addressField: '',
    addressStatus: '',
    /** A class. */
    addressTone: '' as '' | 'good' | 'problem',
    addressFailure: null as FailureView | null,

    sources: [] as { value: Source; title: string; text: string; disabled: boolean }[],
    /** The one that is marked: a permanent key is in use only after its form was sent. */
    marked: signingSource(),
    inUse: '',
    fields: FIELDS.map((name) => ({ name, value: '', optional: name === 'Domain' })),
    missing: '',
    keyUsed: '',
    failure: null as FailureView | null,

    allowlists: [] as (Allowlist & { title: string })[],
    domainsNote: '',

    languages: LANGUAGES,
    language: chosenLanguage() ?? 'wechat',
    canRestart: typeof wx.restartMiniProgram === 'function',
    languageStatus: '',

    confirming: false,
    resetStatus: '',
    languageFailure: null as FailureView | null,
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.setup.title })
    this.showSources()
    this.showServer()
    void this.onCheck()
  },

  onReady() {
    const { section } = this.options
    if (section) wx.pageScrollTo({ selector: `#${section}`, duration: 0 })
  },

  onUnload() {
    this.run++
    this.choice++
  },

  /* Checks */

  async onCheck() {
    const run = ++this.run
    const pending = new Set<CheckName>(CHECKS)
    const show = (name: CheckName, result: Omit<Check, 'name'>) =>
      this.setData({
        [`checks[${CHECKS.indexOf(name)}]`]: { name: t.setup.checks.names[name], ...result },
      })
    const ifCurrent =
      <Args extends unknown[]>(act: (...args: Args) => void) =>
      (...args: Args) => {
        if (run === this.run) act(...args)
      }
    const noticed = ifCurrent(() => {
      this.setData({ checking: true })
      pending.forEach((name) => show(name, { state: 'running', text: '' }))
    })
    // What takes no time does not flash: the former results stay until then.
    const notUntilNoticed = systemClock.after(NOTICEABLE, noticed)
    await runChecks(t, {
      result: ifCurrent((name, result) => {
        pending.delete(name)
        show(name, result)
      }),
      server: ifCurrent((server) => this.found({ server })),
      cos: ifCurrent((cos) => this.found({ cos })),
    })
    notUntilNoticed()
    if (run !== this.run) return
    this.setData({ checking: false })
    this.showDomains({ isKnown: this.cos !== undefined })
  },

  found({ server, cos }: { server?: ServerConfig; cos?: string }) {
    if (server) {
      this.server = server
      this.proposeBucket(server)
    }
    this.cos = cos ?? (server && `${server.protocol}//${server.host}`)
    this.showDomains()
  },

  /* Server address */

  showServer() {
    const address = serverUrl()
    const { platform } = wx.getDeviceInfo()
    const { loopback, lan } = t.setup.server
    const isPhone = platform !== 'devtools'
    this.setData({
      serverUrl: address,
      isConfigured: address === config.serverUrl,
      serverHint: isPhone && isLoopback(address) ? loopback : lan,
    })
    this.cos = undefined
    this.showDomains()
  },

  onTypeAddress({ detail }: WechatMiniprogram.Input) {
    this.address = detail.value
    this.sayOfAddress('')
  },

  /** Asks the new server before the former one is given up. */
  async onUseAddress() {
    const choice = ++this.choice
    const address = serverAddress(this.address)
    const words = t.setup.server
    this.sayOfAddress(address ? '' : words.invalid, 'problem')
    if (!address) return
    const notUntilNoticed = systemClock.after(NOTICEABLE, () => {
      if (choice === this.choice) this.sayOfAddress(words.checking)
    })
    try {
      await serverConfig(address)
      if (choice === this.choice) this.useServer(address, words.used)
    } catch (error) {
      if (choice === this.choice) {
        this.sayOfAddress(words.kept, 'problem', addressFailure(error))
      }
    } finally {
      notUntilNoticed()
    }
  },

  sayOfAddress(
    addressStatus: string,
    addressTone: '' | 'good' | 'problem' = '',
    addressFailure: FailureView | null = null,
  ) {
    this.setData({ addressStatus, addressTone, addressFailure })
  },

  setAddress(address: string) {
    this.setData({ addressField: this.address }) // the field holds it: only a change reaches it
    this.address = address
    this.setData({ addressField: address })
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
        if (failure.code === 'CANCELLED') return
        this.sayOfAddress('', '', failureView(failure, t))
      },
    })
  },

  onBackToConfig() {
    this.useServer(undefined, t.setup.server.restored)
  },

  useServer(address: string | undefined, status: string) {
    chooseServer(address)
    this.choice++
    this.setAddress('')
    this.sayOfAddress(status, 'good')
    this.showServer()
    void this.onCheck()
  },

  /* Signing source */

  showSources() {
    this.forgetKey()
    this.setData({
      sources: SOURCES.map((value) => {
        const disabled = value === 'permanent-key' && !permanentKeyAllowed()
        const { title, text } = t.sources[value]
        return { value, title, text: disabled ? `${text}${t.setup.notAllowed}` : text, disabled }
      }),
    })
    this.showInUse()
  },

  onMark({ detail }: WechatMiniprogram.CustomEvent<{ value: Source }>) {
    const { value } = detail
    this.setData({ marked: value, failure: null, missing: '', keyUsed: '' })
    if (value === 'permanent-key') return
    this.forgetKey()
    if (!this.choose(value)) this.setData({ marked: signingSource() })
  },

  /** What was typed goes with the form: its fields begin with what is proposed. */
  forgetKey() {
    const proposals = this.data.fields.map(({ name, value }) => [name, value])
    this.key = Object.fromEntries(proposals) as Record<Field, string>
  },

  onType({ detail, currentTarget }: WechatMiniprogram.Input<object, { name: Field }>) {
    this.key[currentTarget.dataset.name] = detail.value.trim()
    this.setData({ missing: '', keyUsed: '' })
  },

  onUseKey() {
    const missing = FIELDS.filter((name) => name !== 'Domain' && !this.key[name])
    const fields = missing.join(t.setup.comma)
    this.setData({ missing: fields && fill(t.setup.missing, { fields }), keyUsed: '' })
    const Protocol = this.key.Domain === this.server?.host ? this.server.protocol : 'https:'
    if (fields) return
    if (this.choose('permanent-key', { ...this.key, Protocol })) {
      this.setData({ keyUsed: t.setup.keyUsed })
    }
  },

  /** Whether the source is in use now. */
  choose(source: Source, key?: PermanentKey): boolean {
    try {
      chooseSource(source, key)
    } catch (error) {
      this.setData({ failure: choiceFailure(error) })
      return false
    } finally {
      this.showInUse()
    }
    this.setData({ failure: null })
    this.cos = undefined
    this.showDomains()
    void this.onCheck()
    return true
  },

  showInUse() {
    const { title } = t.sources[signingSource()]
    this.setData({ inUse: fill(t.setup.inUse, { source: title }) })
  },

  /** The server's bucket, where nothing else was typed meanwhile. Real COS needs no Domain. */
  proposeBucket({ bucket, region, host, localCloud }: ServerConfig) {
    const proposal = { Bucket: bucket, Region: region, Domain: localCloud ? host : '' }
    for (const [name, value] of Object.entries(proposal) as [Field, string][]) {
      if (this.key[name]) continue
      this.key[name] = value
      this.setData({ [`fields[${FIELDS.indexOf(name)}].value`]: value })
    }
  },

  /* Allowlists */

  /** What is not known yet may be known soon: only at the end of the checks it is missing. */
  showDomains({ isKnown = true } = {}) {
    const server = signingSource() === 'permanent-key' ? undefined : serverUrl()
    const lists = allowlists(server, this.cos).filter(({ entries }) => entries.length > 0)
    const { list, debugOnly, unknown } = t.setup.domains
    const isTaken = lists.every(({ entries }) => entries.every(({ taken }) => taken))
    this.setData({
      allowlists: lists.map((one) => ({ ...one, title: fill(list, { api: one.api }) })),
      domainsNote: [isKnown ? '' : unknown, isTaken ? '' : debugOnly].filter(Boolean).join('\n'),
    })
  },

  /* Language and reset */

  onLanguage({ detail }: WechatMiniprogram.CustomEvent<{ value: Language | 'wechat' }>) {
    try {
      chooseLanguage(detail.value === 'wechat' ? undefined : detail.value)
      this.setData({ language: detail.value, languageFailure: null })
      this.restart('language', t.setup.language.nextLaunch)
    } catch (error) {
      this.setData({ languageFailure: choiceFailure(error) })
    }
  },

  /** Texts are chosen at launch. */
  restart(section: string, otherwise: string) {
    const status = section === 'language' ? 'languageStatus' : 'resetStatus'
    if (!this.data.canRestart) return this.setData({ [status]: otherwise })
    wx.restartMiniProgram({
      path: `/pages/setup/setup?section=${section}`,
      fail: () => this.setData({ [status]: otherwise }),
    })
  },

  onResetStart() {
    this.setData({ confirming: true, resetStatus: '' })
  },

  onResetCancel() {
    this.setData({ confirming: false })
  },

  onReset() {
    forgetChoices()
    chooseLanguage(undefined)
    this.setData({ confirming: false, marked: signingSource(), language: 'wechat', keyUsed: '' })
    this.forgetKey()
    this.showInUse()
    this.useServer(undefined, '')
    this.restart('reset', t.setup.reset.done)
  },
})

/** Why a choice was not kept. */
function choiceFailure(error: unknown): FailureView {
  const view = failureView(error, t)
  return asFailure(error).code === 'STORAGE_REFUSED' ? { ...view, ...t.setup.notKept } : view
}

/** What is wrong with an address that was tried. */
function addressFailure(error: unknown): FailureView {
  const view = choiceFailure(error)
  const { code, errorCode } = asFailure(error)
  const isForeign = code === 'SERVER_REFUSED' && !errorCode
  return isForeign ? { ...view, ...t.setup.server.notOurs } : view
}
