import { fill, messages } from '../../i18n/index'
import { isDoubleTap } from '../double-tap'
import type { FailureView } from '../failure-panel/failure-panel'
import { aboutFile, type PickedFile } from '../picked-file'
import { isFixed, isRunning, type RowPhase } from '../row-phase'

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
    t: messages().queue,
    transfer: messages().transfer,
    about: '',
    label: '',
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
      this.setData({ label: fill(this.data.t.keyLabel, { number }) })
    },
    phase(phase: RowPhase) {
      this.setData({ running: isRunning(phase), fixed: isFixed(phase), open: false })
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
    cancel() {
      this.setData({ cancelledAt: Date.now() })
      this.triggerEvent('cancel')
    },
    remove() {
      this.goOn('remove')
    },
    retry() {
      this.goOn('retry')
    },
    download() {
      this.goOn('download')
    },
    goOn(event: 'remove' | 'retry' | 'download') {
      if (!isDoubleTap(this.data.cancelledAt)) this.triggerEvent(event)
    },
  },
})
