import type { FailureView } from '../../components/failure-panel/failure-panel'
import { messages } from '../../i18n/index'
import { describeFailure } from '../describe'
import { documentType, noPreview, type Preview } from './preview'

const t = messages()

/** A downloaded file: an image, a text, or a document to open. */
Component({
  properties: {
    preview: { type: null, value: null as Preview | null },
  },
  data: {
    t: t.downloadObject,
    shown: null as Preview | null,
    failure: null as FailureView | null,
  },
  observers: {
    preview(shown: Preview | null) {
      this.setData({ shown, failure: null })
    },
  },
  methods: {
    /** Damaged, or of a kind that this phone does not show. */
    onImageError() {
      this.setData({ shown: noPreview(this.data.shown!) })
    },

    showImage() {
      wx.previewImage({ urls: [this.data.shown!.path], fail: (error) => this.showFailure(error) })
    },

    open() {
      const { path, key } = this.data.shown!
      wx.openDocument({
        filePath: path,
        fileType: documentType(key)!,
        showMenu: true,
        success: () => this.setData({ failure: null }),
        fail: (error) => this.showFailure(error),
      })
    },

    showFailure(error: { errMsg: string }) {
      const title = t.downloadObject.openFailed
      this.setData({ failure: { ...describeFailure(error, t), title } })
    },
  },
})
