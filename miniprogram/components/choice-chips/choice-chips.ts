/** One of a few: all of them are seen, and one is chosen. Event: `choose` with `{ value }`. */
Component({
  properties: {
    /** What is chosen here, for those who hear the page. */
    label: String,
    options: { type: null, value: [] as readonly { value: string; title: string }[] },
    value: String,
    disabled: Boolean,
    /** Many choices: each as wide as its title. Default: all in one line, where they fit. */
    many: Boolean,
  },
  methods: {
    choose({ currentTarget }: WechatMiniprogram.BaseEvent<object, { value: string }>) {
      const { value } = currentTarget.dataset
      if (!this.data.disabled && value !== this.data.value) this.triggerEvent('choose', { value })
    },
  },
})
