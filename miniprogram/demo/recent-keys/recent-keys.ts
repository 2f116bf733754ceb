import { shorten } from '../../components/shorten'
import { messages } from '../../i18n/index'
import { userPrefix, withoutPrefix } from '../../signing/index'
import { confirm } from '../confirm'
import { forgetUploads, recentUploads } from '../recent-uploads'

const t = messages()

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
    t: t.downloadObject,
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
          const labelOf = (key: string) => shorten(withoutPrefix(key, prefix), 28)
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

    async clear() {
      if (!(await confirm(t.confirm.forget))) return
      forgetUploads(this.data.prefix)
      this.setData({ chips: [] })
    },
  },
})
