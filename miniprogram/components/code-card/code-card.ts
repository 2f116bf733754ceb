import { messages } from '../../i18n/index'

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
  },
})
