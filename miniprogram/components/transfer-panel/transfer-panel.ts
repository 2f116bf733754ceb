import { messages } from '../../i18n/index'
import { isBusy, type Phase } from '../phase'

/**
 * The button that starts, cancels and repeats a transfer, with what is known of it meanwhile.
 * Events: `start`, `cancel`.
 */
Component({
  properties: {
    phase: { type: String, value: 'empty' as Phase },
    /** What the button says before the first start. */
    action: String,
    /** What the button says after a success. */
    again: String,
    /** 0 to 100, or -1 where it cannot be known. */
    percent: { type: Number, value: -1 },
    /** Bytes, speed, time: one line. */
    status: String,
  },
  data: {
    t: messages().transfer,
    busy: false,
    label: '',
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
      this.triggerEvent('start')
    },
    cancel() {
      this.triggerEvent('cancel')
    },
  },
})
