import { messages } from '../../i18n/index'

/**
 * The object key: the prefix is the user's own and fixed, the rest is typed.
 * Events: `change` with `{ value }`, `focus` and `blur` around the typing.
 */
Component({
  properties: {
    prefix: String,
    value: String,
    /** What is wrong with the key, in words; empty when nothing is. */
    problem: String,
    disabled: Boolean,
    /** For screen readers, where there are several. */
    label: String,
  },
  data: {
    t: messages().key,
  },
  methods: {
    type(event: WechatMiniprogram.Input) {
      this.triggerEvent('change', { value: event.detail.value })
    },
    focus() {
      this.triggerEvent('focus')
    },
    blur() {
      this.triggerEvent('blur')
    },
  },
})
