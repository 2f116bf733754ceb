import { latest } from '../../components/latest'
import { fill } from '../../i18n/index'
import { serverConfig, serverUrl, signRequest, userPrefix } from '../../signing/index'
import { AbortController, type AbortSignal } from '../../transfer/abort'
import { asFailure } from '../../transfer/failure'
import { createMultipartCalls } from '../../transfer/multipart-calls'
import { hostOf } from '../addresses'
import { setupMessages } from '../i18n/index'
import { keyOf } from './calls'
import { fileProbes, storageProbes } from './device-probes'
import { describe, runProbe, type Outcome, type Probe } from './probe'
import { markdownTable, redact } from './report'
import {
  concurrencyProbes,
  failureProbes,
  interruptedProbe,
  longProbe,
  responseProbes,
} from './request-probes'
import { largeProbes, transferProbes } from './transfer-probes'

const t = setupMessages().phone

/** What a tap runs. */
type Run = keyof typeof t.start

interface Row extends Outcome {
  name: string
  expected: string
}

/** In the order in which they are shown, and run. */
const GROUPS: { name: keyof typeof t.groups; run: Run; isOffline?: true; probes: Probe[] }[] = [
  { name: 'files', run: 'quick', isOffline: true, probes: fileProbes },
  { name: 'storage', run: 'quick', isOffline: true, probes: storageProbes },
  { name: 'transfers', run: 'quick', probes: transferProbes },
  { name: 'responses', run: 'quick', probes: responseProbes },
  { name: 'failures', run: 'quick', probes: failureProbes },
  { name: 'concurrency', run: 'quick', probes: concurrencyProbes },
  { name: 'large', run: 'large', probes: [...largeProbes, longProbe] },
  { name: 'interrupted', run: 'interrupted', probes: [interruptedProbe] },
]

const latestRun = latest()

/** Tries on this phone what the project can only assume, and reports it. */
Page({
  controller: undefined as AbortController | undefined,
  hiddenAt: 0,
  /** Milliseconds. */
  hiddenFor: 0,
  cloud: '',

  data: {
    t,
    icons: { waiting: '–', running: '…', passes: '✓', differs: '≠', couldNotRun: '?' },
    facts: [] as { label: string; value: string }[],
    groups: GROUPS.map(({ name, run, probes }) => ({
      name,
      run,
      /** What to know before the tap. */
      before: run === 'quick' ? '' : t.before[run],
      rows: probes.map(({ name, expected }): Row => ({
        name,
        expected,
        found: '',
        state: 'waiting',
      })),
    })),
    running: '' as Run | '',
    summary: '',
    /** Empty until something has been found. */
    report: '',
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
    this.showFacts()
  },

  onHide() {
    this.hiddenAt = Date.now()
  },

  onShow() {
    this.hiddenFor = this.inBackground()
    this.hiddenAt = 0
  },

  inBackground() {
    return this.hiddenFor + (this.hiddenAt > 0 ? Date.now() - this.hiddenAt : 0)
  },

  onUnload() {
    latestRun(this)
    this.controller?.abort()
    keepScreenOn(false)
  },

  /** What the results hold for. */
  showFacts() {
    const { SDKVersion, version } = wx.getAppBaseInfo()
    const { brand, model, system } = wx.getDeviceInfo()
    const facts: [string, string | undefined][] = [
      [t.facts.library, SDKVersion],
      [t.facts.system, [system, brand, model, `WeChat ${version}`].filter(Boolean).join(', ')],
      [t.facts.renderer, this.renderer],
      ['COS', this.cloud],
    ]
    this.setData({ facts: facts.map(([label, value]) => ({ label, value: value || t.unknown })) })
  },

  onRun({ currentTarget }: WechatMiniprogram.BaseEvent<object, { run: Run }>) {
    if (this.data.running) return this.controller?.abort()
    return this.runAll(currentTarget.dataset.run)
  },

  async runAll(run: Run) {
    const isCurrent = latestRun(this)
    const { signal } = (this.controller = new AbortController())
    this.hiddenFor = 0
    this.setData({ running: run, summary: '' })
    keepScreenOn(true)
    const { secrets, blocked, cloud } = await findCloud(signal)
    if (!isCurrent()) return
    this.cloud = cloud
    this.showFacts()
    const inBackground = () => this.inBackground()
    const probes = probesOf(run)
    let number = 0
    for (const { path, probe, isOffline } of probes) {
      if (signal.aborted) break
      const summary = fill(t.progress, { number: ++number, total: probes.length })
      this.setData({ [`${path}.state`]: 'running', [`${path}.found`]: '', summary })
      const { state, found }: Outcome =
        isOffline || !blocked
          ? await runProbe(probe, { signal, inBackground })
          : { state: 'couldNotRun', found: describe(blocked) }
      if (!isCurrent()) return
      this.setData({
        [`${path}.state`]: signal.aborted ? 'waiting' : state,
        [`${path}.found`]: signal.aborted ? '' : redact(found, secrets),
      })
    }
    keepScreenOn(false)
    this.showResults()
  },

  showResults() {
    const rows = this.data.groups.flatMap((group) => group.rows)
    const done = rows.filter(({ state }) => state !== 'waiting')
    const count = (of: Row['state']) => rows.filter(({ state }) => state === of).length
    const counts = {
      passes: count('passes'),
      differs: count('differs'),
      couldNotRun: count('couldNotRun'),
    }
    const head = [t.probe, t.expected, t.found, t.result]
    const facts = this.data.facts.map(({ label, value }) => [label, '', value, ''])
    const results = done.map((row) => [row.name, row.expected, row.found, t.states[row.state]])
    this.setData({
      running: '',
      summary: done.length > 0 ? fill(t.summary, counts) : '',
      report: done.length > 0 ? markdownTable([head, ...facts, ...results]) : '',
    })
  },
})

/** The probes of a run, and where their rows are in `data`. */
function probesOf(run: Run) {
  return GROUPS.flatMap((group, i) =>
    group.probes.map((probe, j) => ({ ...group, probe, path: `groups[${i}].rows[${j}]` })),
  ).filter((one) => one.run === run)
}

/** A phone that locks its screen puts the app into the background. */
function keepScreenOn(isOn: boolean): void {
  wx.setKeepScreenOn?.({ keepScreenOn: isOn })
}

/** Which COS it is, what must not be told of it, and why it cannot be used, if that is so. */
async function findCloud(signal: AbortSignal) {
  const server = await serverConfig().catch(() => undefined)
  const cloud = server ? (server.localCloud ? t.localCloud : t.realCloud) : ''
  const secrets = [hostOf(serverUrl()), server?.host ?? '', server?.bucket ?? '']
  let blocked: unknown
  try {
    const key = await keyOf('none')
    const { url } = await signRequest({ method: 'GET', key })
    secrets.push(await userPrefix(), hostOf(url))
    await createMultipartCalls({ key, signRequest, signal }).head()
  } catch (error) {
    // A key may be for some of the ways only: their probes tell.
    if (asFailure(error).code !== 'ACCESS_DENIED') blocked = error
  }
  const names = secrets.map((secret) => secret.replace(/:\d+$/, ''))
  return { cloud, secrets: [...secrets, ...names].filter(Boolean), blocked }
}
