import type { FailureView } from '../../components/failure-panel/failure-panel'
import { shorten } from '../../components/shorten'
import { formatBytes, messages } from '../../i18n/index'
import { signRequest, userPrefix, withoutPrefix } from '../../signing/index'
import {
  discardUpload,
  unfinishedUploads,
  type UnfinishedUpload,
} from '../../transfer/unfinished-uploads'
import { confirm } from '../confirm'
import { describeFailure } from '../describe'

interface Row extends UnfinishedUpload {
  /** The key below the prefix. */
  name: string
  about: string
}

type RowEvent = WechatMiniprogram.BaseEvent<object, { index: number }>

export type UnfinishedEvent = WechatMiniprogram.CustomEvent<{ uploads: UnfinishedUpload[] }>

const t = messages()

/**
 * The user's unfinished multipart uploads, to resume or discard.
 * Events: `change` with `{ uploads }`, `use` with the `{ key }` to resume.
 */
Component({
  properties: {
    /** While a transfer runs, the list stays as it is. */
    disabled: Boolean,
  },
  data: {
    t: t.multipartUpload,
    discard: t.transfer.discard,
    discardingText: t.transfer.discarding,
    prefix: undefined as string | undefined,
    rows: [] as Row[],
    /** Id of the upload that is being discarded. */
    discarding: '',
    failure: null as FailureView | null,
  },
  observers: {
    disabled(disabled: boolean) {
      if (disabled) this.setData({ failure: null })
      else this.list()
    },
  },
  lifetimes: {
    attached() {
      this.list()
    },
  },
  pageLifetimes: {
    show() {
      if (!this.data.disabled) this.list()
    },
  },
  methods: {
    /** Once the login has told whose uploads to list. The key field shows a login that fails. */
    list() {
      userPrefix().then(
        (prefix) => {
          const uploads = storedUploads().filter(({ key }) => key.startsWith(prefix))
          this.setData({
            rows: uploads.map((upload) => ({
              ...upload,
              name: shorten(withoutPrefix(upload.key, prefix)),
              about: formatBytes(upload.size),
            })),
          })
          this.triggerEvent('change', { uploads })
        },
        () => {},
      )
    },

    use({ currentTarget }: RowEvent) {
      const { key } = this.data.rows[currentTarget.dataset.index]!
      this.triggerEvent('use', { key })
    },

    async onDiscard({ currentTarget }: RowEvent) {
      const upload = this.data.rows[currentTarget.dataset.index]
      if (await confirm(t.confirm.discard)) void this.discardUpload(upload)
    },

    isDiscarding(): boolean {
      return this.data.discarding !== ''
    },

    /** Discards the upload to a key. Resolves to whether COS has removed it. */
    discardKey(key: string): Promise<boolean> {
      return this.discardUpload(storedUploads().find((upload) => upload.key === key))
    },

    async discardUpload(upload: UnfinishedUpload | undefined): Promise<boolean> {
      if (!upload) return true
      this.setData({ discarding: upload.uploadId, failure: null })
      const failure = await discardUpload(upload, signRequest).then(
        () => null,
        (error: unknown) => describeFailure(error, t),
      )
      this.setData({ discarding: '', failure })
      this.list()
      return !failure
    },
  },
})

/** None where the storage cannot be read: an upload does without it, and says so itself. */
function storedUploads(): UnfinishedUpload[] {
  try {
    return unfinishedUploads()
  } catch {
    return []
  }
}
