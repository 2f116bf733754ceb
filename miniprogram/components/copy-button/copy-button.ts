import { fill, messages } from '../../i18n/index'

/** Copies a text. The button shows the result. */
Component({
  properties: {
    text: String,
    /** What the button says before it is tapped. */
    label: String,
  },
  data: {
    t: messages().copy,
    copied: false,
    /** Why it was not copied: a sentence, or empty. */
    problem: '',
  },
  observers: {
    text() {
      this.setData({ copied: false, problem: '' })
    },
  },
  methods: {
    copy() {
      wx.setClipboardData({
        data: this.data.text,
        success: () => this.setData({ copied: true, problem: '' }),
        fail: ({ errMsg }) => {
          this.setData({ copied: false, problem: problemText(errMsg, this.data.t) })
        },
      })
    },
  },
})

function problemText(errMsg: string, t: { undeclared: string; refused: string; failed: string }) {
  if (/not declared in the privacy agreement/i.test(errMsg)) return t.undeclared
  if (/privacy permission is not authorized/i.test(errMsg)) return t.refused
  return fill(t.failed, { reason: errMsg })
}
