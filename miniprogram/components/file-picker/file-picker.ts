import { formatBytes, messages } from '../../i18n/index'

/** A file that the person chose. */
export interface PickedFile {
  /** Temporary path; ends with the app. */
  path: string
  name: string
  /** Bytes. */
  size: number
}

/**
 * Chooses one file, from the album or from a chat.
 * Events: `pick` with `{ file }`, null to choose anew; `fail` with what wx gave; a person who changes their mind is
 * no failure.
 */
Component({
  properties: {
    file: { type: null, value: null as PickedFile | null },
    disabled: Boolean,
  },
  data: {
    t: messages().file,
    size: '',
  },
  observers: {
    file(file: PickedFile | null) {
      this.setData({ size: file ? formatBytes(file.size) : '' })
    },
  },
  methods: {
    fromAlbum() {
      wx.chooseMedia({
        count: 1,
        mediaType: ['image', 'video'],
        sourceType: ['album'],
        sizeType: ['original'],
        success: ({ tempFiles: [chosen] }) => {
          if (chosen) this.pick(chosen.tempFilePath, fileName(chosen.tempFilePath), chosen.size)
        },
        fail: (error) => this.failed(error),
      })
    },
    fromChat() {
      wx.chooseMessageFile({
        count: 1,
        type: 'all',
        success: ({ tempFiles: [chosen] }) => {
          if (chosen) this.pick(chosen.path, chosen.name, chosen.size)
        },
        fail: (error) => this.failed(error),
      })
    },
    change() {
      this.triggerEvent('pick', { file: null })
    },
    pick(path: string, name: string, size: number) {
      const file: PickedFile = { path, name, size }
      this.triggerEvent('pick', { file })
    },
    failed(error: { errMsg: string }) {
      if (!/:fail cancel/.test(error.errMsg)) this.triggerEvent('fail', error)
    },
  },
})

/** chooseMedia gives no name, only a path. */
function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
