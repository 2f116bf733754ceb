import { messages } from '../../i18n/index'
import { isBusy, type Phase } from '../phase'

/** Milliseconds: a double tap must not reach the button that takes the place of the first. */
const DOUBLE_TAP = 350

/**
 * The buttons that start, pause, end and repeat a transfer, with what is known of it meanwhile.
 * Events: `start`, `cancel`, and from a `pausable` transfer `pause` and `resume`.
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
  },
  data: {
    t: messages().transfer,
    busy: false,
    label: '',
    /** When a tap has stopped the transfer, in milliseconds since 1970. */
    stoppedAt: 0,
  },
  observers: {
    'phase, action, again'(phase: Phase, action: string, again: string) {
      const { t } = this.data
      const repeats = phase === 'failed' || phase === 'cancelled'
      this.setData({
        busy: isBusy(phase),
        label: repeats ? t.retry : phase === 'done' ? again : action,
      })
    },
  },
  methods: {
    start() {
      this.goOn('start')
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
      if (Date.now() - this.data.stoppedAt > DOUBLE_TAP) this.triggerEvent(event)
    },
  },
})
