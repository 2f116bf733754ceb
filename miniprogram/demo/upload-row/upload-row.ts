import { isDoubleTap } from '../../components/double-tap'
import type { FailureView } from '../../components/failure-panel/failure-panel'
import { aboutFile, type PickedFile } from '../../components/picked-file'
import { fill, formatBytes, messages } from '../../i18n/index'
import { AbortController, withChildSignal } from '../../transfer/abort'
import type { Progress } from '../../transfer/progress'
import { bytesText, describeOutcome, progressText } from '../describe-transfer'
import { rememberUpload } from '../recent-uploads'
import { isFixed, isRunning, type RowPhase } from '../row-phase'
import type { Transfer } from '../transfer-panel/transfer-panel'

/** Of `start`: give the transfer of this file, under this name, to `run`. */
export type RowStartEvent = WechatMiniprogram.CustomEvent<{
  run: (transfer: Transfer) => void
  file: PickedFile
  name: string
}>

type Action = 'cancel' | 'download' | 'retry' | 'remove'

/** What can be done in each phase. A failed row is removed from below its reasons. */
const ACTIONS: Record<RowPhase, Action[]> = {
  ready: ['remove'],
  waiting: ['remove'],
  signing: ['cancel'],
  transferring: ['cancel'],
  done: ['download'],
  failed: ['retry'],
  cancelled: ['retry', 'remove'],
}

const t = messages()
const { queue, transfer } = t

const INITIAL_STATE = { percent: -1, status: '', failure: null as FailureView | null }

const controllers = new WeakMap<object, AbortController>()

/**
 * One file of a queue: its picture, its key, its upload. The queue calls `upload` when it is its turn.
 * Events: `name` with `{ value }`, `focus` and `blur` of the key; `phase` with `{ phase }`; `progress`
 * with `{ percent }`; `signed` with `{ signed }`; `remove`, `retry`; `download` with `{ key }`; and, up
 * to the page, `start` as a transfer panel fires it.
 */
Component({
  properties: {
    /** Its place in the queue, from 1. */
    number: Number,
    file: { type: null, value: null as PickedFile | null },
    /** The name below the prefix. Set it to what the event `name` reports. */
    name: String,
    problem: String,
    phase: { type: String, value: 'ready' as RowPhase },
  },
  data: {
    ...INITIAL_STATE,
    t: queue,
    signing: transfer.signing,
    /** The key of the uploaded object. */
    key: '',
    about: '',
    label: '',
    actions: ACTIONS.ready,
    actionNames: {
      cancel: transfer.cancel,
      download: queue.download,
      retry: transfer.retry,
      remove: queue.remove,
    } satisfies Record<Action, string>,
    running: false,
    fixed: false,
    /** The reasons of a failure are unfolded: only on demand, since what is below moves. */
    open: false,
    /** When a tap canceled it, in milliseconds since 1970. */
    cancelledAt: 0,
  },
  observers: {
    file(file: PickedFile | null) {
      this.setData({ about: file ? aboutFile(file) : '' })
    },
    number(number: number) {
      this.setData({ label: fill(queue.keyLabel, { number }) })
    },
    phase(phase: RowPhase) {
      const actions = ACTIONS[phase]
      this.setData({ actions, running: isRunning(phase), fixed: isFixed(phase), open: false })
    },
  },
  lifetimes: {
    detached() {
      this.cancel()
      controllers.delete(this)
    },
  },
  methods: {
    type({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
      this.triggerEvent('name', detail)
    },
    focus() {
      this.triggerEvent('focus')
    },
    blur() {
      this.triggerEvent('blur')
    },
    toggle() {
      this.setData({ open: !this.data.open })
    },
    act({ currentTarget }: WechatMiniprogram.BaseEvent<object, { action: Action }>) {
      const { action } = currentTarget.dataset
      if (action === 'cancel') {
        this.setData({ cancelledAt: Date.now() })
        return this.cancel()
      }
      if (!isDoubleTap(this.data.cancelledAt)) this.triggerEvent(action, { key: this.data.key })
    },

    upload() {
      const { file, name } = this.data
      const run = (upload: Transfer) => void this.run(upload)
      this.setData(INITIAL_STATE)
      this.triggerEvent('start', { run, file, name }, { bubbles: true, composed: true })
    },

    cancel() {
      controllers.get(this)?.abort()
    },

    async run(upload: Transfer) {
      const controller = new AbortController()
      controllers.set(this, controller)
      const { onSigned, onProgress } = this
      const reports = { onSigned: onSigned.bind(this), onProgress: onProgress.bind(this) }
      try {
        const { key, size } = await withChildSignal(controller.signal, (signal) =>
          upload({ signal, ...reports }),
        )
        rememberUpload(key)
        this.setData({ key, status: formatBytes(size) })
        this.enter('done', 100)
      } catch (error) {
        if (controllers.get(this) !== controller) return
        const { phase, failure } = describeOutcome(error, t)
        this.setData({ failure })
        this.enter(phase)
      }
    },

    onSigned(signed: object) {
      this.setData({ percent: 0, status: bytesText(0, this.data.file!.size) })
      this.triggerEvent('signed', { signed })
      this.enter('transferring', 0)
    },

    onProgress(progress: Progress) {
      const { percent } = progress
      this.setData({ percent, status: progressText(progress, t) })
      this.triggerEvent('progress', { percent })
    },

    enter(phase: RowPhase, percent = -1) {
      this.setData({ percent })
      this.triggerEvent('phase', { phase, percent })
    },
  },
})
