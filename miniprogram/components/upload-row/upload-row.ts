import { fill, messages } from '../../i18n/index'
import { isDoubleTap } from '../double-tap'
import type { FailureView } from '../failure-panel/failure-panel'
import { aboutFile, type PickedFile } from '../picked-file'
import { isFixed, isRunning, type RowPhase } from '../row-phase'

type Action = 'cancel' | 'download' | 'retry' | 'remove'

/** What can be done about it. A failure is removed from below its reasons. */
const ACTIONS: Record<RowPhase, Action[]> = {
  ready: ['remove'],
  waiting: ['remove'],
  signing: ['cancel'],
  transferring: ['cancel'],
  done: ['download'],
  failed: ['retry'],
  cancelled: ['retry', 'remove'],
}

const { queue: t, transfer } = messages()

/**
 * One file of a queue: its picture, its key, how far it is, and what can be done about it.
 * Events: `name` with `{ value }`, `focus` and `blur` of the key; `remove`, `cancel`, `retry`, `download`.
 */
Component({
  properties: {
    /** Its place in the queue, from 1. */
    number: Number,
    file: { type: null, value: null as PickedFile | null },
    /** What the key field shows when it is not typed into. */
    name: String,
    problem: String,
    phase: { type: String, value: 'ready' as RowPhase },
    percent: { type: Number, value: -1 },
    /** Bytes, speed, time: one line. */
    status: String,
    failure: { type: null, value: null as FailureView | null },
  },
  data: {
    t,
    signing: transfer.signing,
    about: '',
    label: '',
    actions: ACTIONS.ready,
    actionNames: {
      cancel: transfer.cancel,
      download: t.download,
      retry: transfer.retry,
      remove: t.remove,
    } satisfies Record<Action, string>,
    running: false,
    fixed: false,
    /** The reasons of a failure are unfolded: only on demand, for what stands below would jump. */
    open: false,
    /** When a tap has cancelled it, in milliseconds since 1970. */
    cancelledAt: 0,
  },
  observers: {
    file(file: PickedFile | null) {
      this.setData({ about: file ? aboutFile(file) : '' })
    },
    number(number: number) {
      this.setData({ label: fill(t.keyLabel, { number }) })
    },
    phase(phase: RowPhase) {
      const actions = ACTIONS[phase]
      this.setData({ actions, running: isRunning(phase), fixed: isFixed(phase), open: false })
    },
  },
  methods: {
    type(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
      this.triggerEvent('name', event.detail)
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
      if (action === 'cancel') this.setData({ cancelledAt: Date.now() })
      else if (isDoubleTap(this.data.cancelledAt)) return
      this.triggerEvent(action)
    },
  },
})
