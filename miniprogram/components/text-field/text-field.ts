/** What a field has reported and its parent has not confirmed yet, oldest first. */
const unconfirmed = new WeakMap<object, string[]>()

/**
 * A text field that its parent controls: bind `value` and set it to what `change` reports. A late
 * confirmation does not undo newer typing. Any other value replaces the text.
 * External class: `input-class`. Events: `change` with `{ value }`; `focus`, `blur`, `confirm`.
 */
Component({
  externalClasses: ['input-class'],
  properties: {
    value: String,
    /** Several lines. */
    multiline: Boolean,
    /** Grows with its lines. */
    autoHeight: Boolean,
    /** `text` or `number`. */
    type: { type: String, value: 'text' },
    placeholder: String,
    disabled: Boolean,
    /** For screen readers. */
    label: String,
  },
  data: {
    /** What the native field is told to show: not what is typed. */
    shown: '',
    typed: '',
  },
  observers: {
    value(value: string) {
      const waiting = unconfirmed.get(this) ?? []
      const confirmed = waiting.indexOf(value)
      if (confirmed >= 0) waiting.splice(0, confirmed + 1)
      else if (value !== this.data.typed) this.show(value)
    },
  },
  methods: {
    onInput({ detail: { value } }: WechatMiniprogram.Input) {
      const waiting = unconfirmed.get(this) ?? []
      unconfirmed.set(this, [...waiting, value])
      this.setData({ typed: value })
      this.triggerEvent('change', { value })
    },
    onFocus() {
      this.triggerEvent('focus')
    },
    onBlur() {
      this.triggerEvent('blur')
    },
    onConfirm() {
      this.triggerEvent('confirm')
    },

    /** Only a change of `shown` reaches the native field. */
    show(value: string) {
      unconfirmed.delete(this)
      this.setData({ shown: this.data.typed })
      this.setData({ shown: value, typed: value })
    },
  },
})
