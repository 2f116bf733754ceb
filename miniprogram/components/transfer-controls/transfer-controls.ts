import { messages } from '../../i18n/index'
import { isDoubleTap } from '../double-tap'
import { isBusy, type Phase } from '../phase'

/**
 * The progress of a transfer, and the buttons that start, pause, cancel and repeat it.
 * Events: `start`, `cancel`; from a `pausable` transfer also `pause` and `resume`; after a success
 * `next`.
 */
Component({
  properties: {
    phase: { type: String, value: 'empty' as Phase },
    /** What the button says before the first start. */
    action: String,
    /** What the button says after a success. */
    again: String,
    /** After a success: what the button of the next step says. */
    next: String,
    /** A failure that another try with the same file meets again: offers none. */
    final: Boolean,
    /** What is shown until the first byte leaves. Default: that the request is being signed. */
    preparing: String,
    /** 0 to 100, or -1 where it cannot be known. */
    percent: { type: Number, value: -1 },
    /** Bytes, speed, time: one line. */
    status: String,
    pausable: Boolean,
    /** After a failure, `cancel` removes what COS keeps. */
    discardable: Boolean,
  },
  data: {
    t: messages().transfer,
    busy: false,
    label: '',
    isDone: false,
    /** It is under way, and how far is not known. */
    unknown: false,
    /** Percent of the bar's width. */
    filled: 0,
    /** When a tap stopped the transfer, in milliseconds since 1970. */
    stoppedAt: 0,
  },
  observers: {
    'phase, action, again'(phase: Phase, action: string, again: string) {
      const { t } = this.data
      const busy = isBusy(phase)
      this.setData({ busy })
      if (busy) return // the button is still visible for a moment, so its label stays
      const isDone = phase === 'done'
      const repeats = phase === 'failed' || phase === 'cancelled'
      this.setData({ isDone, label: repeats ? t.retry : isDone ? again : action })
    },
    'phase, percent'(phase: Phase, percent: number) {
      const filled = phase === 'done' ? 100 : Math.max(0, percent)
      this.setData({ filled, unknown: isBusy(phase) && percent < 0 })
    },
  },
  methods: {
    start() {
      if (!this.data.busy) this.emitUnlessDoubleTap('start')
    },
    cancel() {
      this.stop('cancel')
    },
    pause() {
      this.stop('pause')
    },
    resume() {
      this.emitUnlessDoubleTap('resume')
    },
    next() {
      this.triggerEvent('next')
    },
    stop(event: 'cancel' | 'pause') {
      this.setData({ stoppedAt: Date.now() })
      this.triggerEvent(event)
    },
    emitUnlessDoubleTap(event: 'start' | 'resume') {
      if (!isDoubleTap(this.data.stoppedAt)) this.triggerEvent(event)
    },
  },
})
