import { messages } from '../../i18n/index'
import { isDoubleTap } from '../double-tap'
import type { Drill, Fault } from '../failure-drill/failure-drill'
import { isBusy, type Phase } from '../phase'

/**
 * The buttons that start, pause, end and repeat a transfer, with what is known of it meanwhile.
 * Events: `start`, `cancel`, from a `pausable` transfer `pause` and `resume`, and from a drill `drill`
 * with `{ fault }`.
 */
Component({
  properties: {
    phase: { type: String, value: 'empty' as Phase },
    /** What the button says before the first start. */
    action: String,
    /** What the button says after a success. */
    again: String,
    /** What is shown until the first byte leaves. Default: that it is being signed. */
    preparing: String,
    /** 0 to 100, or -1 where it cannot be known. */
    percent: { type: Number, value: -1 },
    /** Bytes, speed, time: one line. */
    status: String,
    pausable: Boolean,
    /** A failure has left something behind that `cancel` does away with. */
    discardable: Boolean,
    /** The failure drill, where there is one. */
    drill: { type: null, value: null as Drill | null },
  },
  data: {
    t: messages().transfer,
    busy: false,
    label: '',
    /** How it is under way, but nothing tells how far. */
    unknown: false,
    /** Of the bar, in percent of its width. */
    filled: 0,
    /** When a tap has stopped the transfer, in milliseconds since 1970. */
    stoppedAt: 0,
  },
  observers: {
    'phase, action, again'(phase: Phase, action: string, again: string) {
      const { t } = this.data
      const busy = isBusy(phase)
      this.setData({ busy })
      if (busy) return // the label stays as long as the button is seen
      const repeats = phase === 'failed' || phase === 'cancelled'
      this.setData({ label: repeats ? t.retry : phase === 'done' ? again : action })
    },
    'phase, percent'(phase: Phase, percent: number) {
      const filled = phase === 'done' ? 100 : Math.max(0, percent)
      this.setData({ filled, unknown: isBusy(phase) && percent < 0 })
    },
  },
  methods: {
    start() {
      if (!this.data.busy) this.goOn('start')
    },
    cancel() {
      this.stop('cancel')
    },
    pause() {
      this.stop('pause')
    },
    resume() {
      this.goOn('resume')
    },
    stop(event: 'cancel' | 'pause') {
      this.setData({ stoppedAt: Date.now() })
      this.triggerEvent(event)
    },
    goOn(event: 'start' | 'resume') {
      if (!isDoubleTap(this.data.stoppedAt)) this.triggerEvent(event)
    },
    choose({ detail }: WechatMiniprogram.CustomEvent<{ fault: Fault | '' }>) {
      this.triggerEvent('drill', detail)
    },
  },
})
