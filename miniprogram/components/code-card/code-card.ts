import { isChinese, messages } from '../../i18n/index'
import { chineseComments, samples } from '../../i18n/samples'

/** A recipe, whole, as it is in the sources; its comments are in the reader's language. */
Component({
  properties: {
    /** Name of the recipe. */
    sample: String,
  },
  data: {
    t: messages().code,
    title: messages().steps.code,
    /** Path in the repository. */
    file: '',
    code: '',
  },
  observers: {
    sample(name: keyof typeof samples) {
      const file = `miniprogram/samples/${name}.ts`
      this.setData({ file, code: isChinese() ? inChinese(samples[name]) : samples[name] })
    },
  },
})

function inChinese(code: string): string {
  return chineseComments.reduce((text, [english, chinese]) => text.replace(english, chinese), code)
}
