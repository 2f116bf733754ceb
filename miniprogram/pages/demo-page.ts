/** What the demo pages share: an object key below the user's prefix, and one transfer at a time. */
import type { Drill } from '../components/failure-drill/failure-drill'
import type { FailureView } from '../components/failure-panel/failure-panel'
import { isBusy, type Phase } from '../components/phase'
import type { Signed } from '../components/signed-panel/signed-panel'
import { messages, type Messages } from '../i18n/index'
import { userPrefix } from '../signing/index'
import type { Progress } from '../transfer/progress'
import { startTask, type TransferOptions, type TransferTask } from '../transfer/task'
import { drillPage, type DrillPage } from './failure-drill'
import {
  failureView,
  keyProblemText,
  outcomeOf,
  progressText,
  queryValue,
  withoutPrefix,
  type Fact,
} from './views'

export interface DemoData {
  t: Messages
  texts: { title: string; intro: string; sign: string }
  phase: Phase
  /** The transfer is under way: nothing else can be chosen. */
  busy: boolean
  prefix: string
  /** What the key field shows when it is not typed into. */
  name: string
  problem: string
  signed: Signed | null
  percent: number
  status: string
  facts: Fact[]
  failure: FailureView | null
  drill: Drill | null
}

type Awaitable<Value> = Value | Promise<Value>

/** A demo page, as seen by the methods below. */
export interface DemoPage extends DrillPage {
  data: DemoData
  setData(data: Partial<DemoData>): void
  /** What `cancel` ends: the transfer, the last one, or what comes before it. */
  task?: TransferTask<unknown> | undefined
  /** The page has been unloaded: there is nothing left to show anything on. */
  left: boolean
  /** The person, or a query, has named the key: choosing a file no longer does. */
  named: boolean
  /** The key below the prefix, as typed. Typing is not echoed: a late echo would undo it. */
  name: string
  onLoad(query: Record<string, string | undefined>): Promise<void>
  onUnload(): void
  onName(event: WechatMiniprogram.CustomEvent<{ value: string }>): void
  onCancel(): void
  setName(name: string): void
  /** Now that the login has told it. A key that was named before may hold it: a whole key does. */
  setPrefix(prefix: string): void
  setPhase(phase: Phase): void
  /** Transfers under the key that is typed. Gives undefined, and shows why, when that came to nothing. */
  run<Result>(
    start: (key: string, options: TransferOptions) => TransferTask<Result>,
  ): Promise<Result | undefined>
  /** The same, whatever it is that starts; nothing may come of that, either. */
  attempt<Result>(
    start: (options: TransferOptions) => Awaitable<TransferTask<Result> | undefined>,
  ): Promise<Result | undefined>
  /** Waits for the login, or for the fault of a drill. Rejects with `CANCELLED` when that is cancelled. */
  before<Result>(work: Promise<Result>): Promise<Result>
  progressed(progress: Progress): void
  failed(error: unknown): void
}

export function demoData(texts: DemoData['texts'], phase: Phase): DemoData {
  const t = messages()
  const data = { t, texts, phase, busy: false, prefix: '', name: '', problem: '', drill: null }
  return { ...CLEAR, ...data }
}

/** Nothing signed, nothing transferred, nothing failed. */
export const CLEAR = {
  signed: null,
  percent: -1,
  status: '',
  facts: [],
  failure: null,
}

/** Spread this into the object that is given to Page. */
export const demoPage: Omit<DemoPage, 'data' | 'setData'> & ThisType<DemoPage> = {
  ...drillPage,
  left: false,
  named: false,
  name: '',

  async onLoad(query) {
    wx.setNavigationBarTitle({ title: this.data.texts.title })
    this.named = Boolean(query.key)
    this.setName(queryValue(query.key))
    void this.offerDrill()
    try {
      this.setPrefix(await userPrefix())
    } catch (error) {
      if (!this.left) this.setData({ failure: failureView(error, this.data.t) })
    }
  },

  onUnload() {
    this.left = true
    this.task?.cancel()
    void this.liftFault()
  },

  onName({ detail }) {
    const { prefix, t } = this.data
    this.named = detail.value !== ''
    this.name = detail.value
    this.setData({ problem: keyProblemText(prefix, detail.value, t) })
  },

  onCancel() {
    this.task?.cancel()
  },

  setName(name) {
    this.setData({ name: this.name }) // the field holds what was typed: only a change reaches it
    this.name = name
    this.setData({ name, problem: '' })
  },

  setPrefix(prefix) {
    if (prefix === this.data.prefix) return
    this.setData({ prefix })
    if (this.name.startsWith(prefix)) this.setName(withoutPrefix(this.name, prefix))
  },

  setPhase(phase) {
    this.setData({ phase, busy: isBusy(phase) })
  },

  async run(start) {
    const { prefix, t } = this.data
    const problem = keyProblemText(prefix, this.name, t)
    this.setData({ problem })
    if (problem) return undefined
    return this.attempt(async (options) => {
      this.setPrefix(await this.before(userPrefix()))
      if (await this.before(this.orderFault())) {
        return start(this.data.prefix + this.name, options)
      }
      this.setPhase('ready')
      return undefined
    })
  },

  async attempt(start) {
    if (this.data.busy) return undefined
    this.setData(CLEAR)
    this.setPhase('signing')
    try {
      const task = await start({
        onStart: (signed) => {
          this.setData({ signed })
          this.setPhase('transferring')
        },
        onProgress: (progress) => this.progressed(progress),
      })
      this.task = task ?? this.task
      return await task?.result.finally(() => this.liftFault())
    } catch (error) {
      void this.liftFault()
      if (!this.left) this.failed(error)
      return undefined
    }
  },

  before(work) {
    const task = startTask(({ step }) => step(work))
    this.task = task
    return task.result
  },

  progressed(progress) {
    const { phase, t } = this.data
    this.setData({ percent: progress.percent, status: progressText(progress, t) })
    if (phase === 'transferring' || phase === 'stalled') {
      this.setPhase(progress.stalled ? 'stalled' : 'transferring')
    }
  },

  failed(error) {
    const { phase, failure } = outcomeOf(error, this.data.t)
    this.setData({ failure })
    this.setPhase(phase)
  },
}
