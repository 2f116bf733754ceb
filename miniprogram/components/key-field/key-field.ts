import { messages } from '../../i18n/index'
import { shortPrefix } from '../shorten'

/**
 * The object key: a fixed prefix, which belongs to the user, and a name to type. Bind `value` as for
 * a text field. Events: `change` with `{ value }`, `focus`, `blur`.
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
    /** Shows the prefix alone. */
    fixed: Boolean,
  },
  data: {
    t: messages().key,
    /** What is seen of the prefix: all of it after a tap. */
    shown: '',
  },
  observers: {
    prefix(prefix: string) {
      this.setData({ shown: shortPrefix(prefix) })
    },
  },
  methods: {
    showAll() {
      this.setData({ shown: this.data.prefix })
    },
    onChange({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
      this.triggerEvent('change', detail)
    },
    onFocus() {
      this.triggerEvent('focus')
    },
    onBlur() {
      this.triggerEvent('blur')
    },
  },
})
