import { messages } from '../../i18n/index'
import { userPrefix, withoutPrefix } from '../../signing/index'
import { forgetUploads, recentUploads } from '../recent-uploads'

/** A recent upload to tap. */
interface Chip {
  key: string
  /** The key below the prefix, short enough for a chip. */
  label: string
}

/** The keys that this user uploaded last. Event: `choose` with `{ key }`. */
Component({
  properties: {
    disabled: Boolean,
  },
  data: {
    t: messages().downloadObject,
    prefix: '',
    chips: [] as Chip[],
  },
  observers: {
    /** A download that ends may have found that a key is gone. */
    disabled(disabled: boolean) {
      if (!disabled) this.list()
    },
  },
  lifetimes: {
    attached() {
      this.list()
    },
  },
  pageLifetimes: {
    show() {
      this.list()
    },
  },
  methods: {
    /** Once the login has told whose keys to list. The key field shows a login that fails. */
    list() {
      userPrefix().then(
        (prefix) => {
          const labelOf = (key: string) => shorten(withoutPrefix(key, prefix))
          const chips = recentUploads(prefix).map((key) => ({ key, label: labelOf(key) }))
          this.setData({ prefix, chips })
        },
        () => {},
      )
    },

    choose({ currentTarget }: WechatMiniprogram.BaseEvent<object, { index: number }>) {
      const { key } = this.data.chips[currentTarget.dataset.index]!
      this.triggerEvent('choose', { key })
    },

    clear() {
      forgetUploads(this.data.prefix)
      this.setData({ chips: [] })
    },
  },
})

/** Cuts the middle of a long key: its folder and its extension say most. */
function shorten(name: string): string {
  const characters = Array.from(name)
  if (characters.length <= 28) return name
  return [...characters.slice(0, 14), '…', ...characters.slice(-12)].join('')
}
