import type { PickedFile } from '../../components/picked-file'
import { fill, messages } from '../../i18n/index'
import { openMultipart } from '../page-query'

const t = messages().file

/** In place of the upload: the file exceeds a limit, and multipart upload takes it. */
Component({
  properties: {
    file: { type: null, value: null as PickedFile | null },
    /** What the file exceeds, such as `50 MB`. */
    limit: String,
  },
  data: { t, text: '' },
  observers: {
    limit(limit: string) {
      this.setData({ text: fill(t.tooLarge, { limit }) })
    },
  },
  methods: {
    open() {
      if (this.data.file) openMultipart(this.data.file)
    },
  },
})
