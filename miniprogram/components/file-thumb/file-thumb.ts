import { messages } from '../../i18n/index'

/** A small square picture of a file; what has none, or a broken one, shows its extension. */
Component({
  properties: {
    /** Path of a picture; empty where there is none. */
    src: String,
    /** Name of the file. */
    name: String,
    video: Boolean,
  },
  data: {
    broken: false,
    badge: '',
  },
  observers: {
    src() {
      this.setData({ broken: false })
    },
    name(name: string) {
      const extension = /\.(\w{1,4})$/.exec(name)?.[1] ?? messages().file.plain
      this.setData({ badge: extension.toUpperCase() })
    },
  },
  methods: {
    broke() {
      this.setData({ broken: true })
    },
  },
})
