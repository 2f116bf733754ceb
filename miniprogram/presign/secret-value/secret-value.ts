import { presignMessages } from '../i18n/index'

/** A value derived from a secret: masked until it is tapped, and again with the next tap or value. */
Component({
  properties: {
    value: String,
    /** What stands for it while it is hidden. */
    masked: { type: String, value: '••••••••' },
    /** What it is, for those who hear the page. */
    label: String,
  },
  data: {
    t: presignMessages().secret,
    shown: false,
  },
  observers: {
    value() {
      this.setData({ shown: false })
    },
  },
  methods: {
    toggle() {
      this.setData({ shown: !this.data.shown })
    },
  },
})
