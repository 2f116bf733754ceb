import { fill, messages } from '../../i18n/index'

/** The code that a page is about, as it stands in the sources. */
Component({
  properties: {
    /** Path in the repository. */
    file: String,
    code: String,
  },
  data: {
    t: messages().code,
    title: messages().steps.code,
    /** What became of the copy: a sentence, or empty. */
    copy: '',
  },
  methods: {
    copyCode() {
      wx.setClipboardData({
        data: this.data.code,
        success: () => this.setData({ copy: this.data.t.copied }),
        fail: ({ errMsg }) => {
          this.setData({ copy: fill(this.data.t.copyFailed, { reason: errMsg }) })
        },
      })
    },
  },
})
