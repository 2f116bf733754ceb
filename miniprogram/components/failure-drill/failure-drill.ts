import { messages, type Messages } from '../../i18n/index'

/** What the next transfer can be made to meet. */
export type Fault = keyof Messages['drill']['faults']

/** A drill that is offered. */
export interface Drill {
  /** What the next transfer meets; empty when nothing was chosen. */
  chosen: Fault | ''
  /** What comes, or has come, of the choice: a sentence, or empty. */
  note: string
}

const t = messages().drill

/** Faults to choose from, folded away. Event: `choose` with `{ fault }`, empty to take it back. */
Component({
  properties: {
    chosen: { type: String, value: '' as Drill['chosen'] },
    note: String,
    disabled: Boolean,
  },
  data: {
    t,
    faults: Object.entries(t.faults).map(([fault, { name }]) => ({ fault, name })),
    open: false,
  },
  methods: {
    toggle() {
      this.setData({ open: !this.data.open })
    },
    choose({ currentTarget }: WechatMiniprogram.CustomEvent<object, object, { fault: Fault }>) {
      const { fault } = currentTarget.dataset
      this.triggerEvent('choose', { fault: fault === this.data.chosen ? '' : fault })
    },
  },
})
