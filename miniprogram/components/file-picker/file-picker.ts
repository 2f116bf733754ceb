import { messages } from '../../i18n/index'
import { aboutFile, type PickedFile } from '../picked-file'

/**
 * Chooses files: photos and videos, taken now or from the album, or whatever lies in a chat.
 * Events: `pick` with `{ files }`, none to choose anew; `fail` with what wx gave; a person who changes
 * their mind is no failure.
 */
Component({
  properties: {
    file: { type: null, value: null as PickedFile | null },
    /** Files at once, at most 9. With more than one, more can be added to the file that is shown. */
    max: { type: Number, value: 1 },
    /** Stands in for the sentence above the buttons. */
    hint: String,
    disabled: Boolean,
  },
  data: {
    t: messages().file,
    about: '',
  },
  observers: {
    file(file: PickedFile | null) {
      this.setData({ about: file ? aboutFile(file) : '' })
    },
  },
  methods: {
    fromMedia() {
      wx.chooseMedia({
        count: this.data.max,
        mediaType: ['image', 'video'],
        sourceType: ['album', 'camera'],
        sizeType: ['original'],
        maxDuration: 60, // seconds of a video that is taken now: the most that wx allows
        success: ({ tempFiles }) => this.pick(tempFiles.map(mediaFile)),
        fail: (error) => this.failed(error),
      })
    },
    fromChat() {
      wx.chooseMessageFile({
        count: this.data.max,
        type: 'all',
        success: ({ tempFiles }) => this.pick(tempFiles.map(messageFile)),
        fail: (error) => this.failed(error),
      })
    },
    change() {
      this.triggerEvent('pick', { files: [] })
    },
    pick(files: PickedFile[]) {
      if (files.length > 0) this.triggerEvent('pick', { files })
    },
    failed(error: { errMsg: string }) {
      if (!/:fail cancel/.test(error.errMsg)) this.triggerEvent('fail', error)
    },
  },
})

function mediaFile({
  tempFilePath: path,
  size,
  fileType,
  thumbTempFilePath = '',
  duration = 0,
}: WechatMiniprogram.MediaFile): PickedFile {
  const isVideo = fileType === 'video'
  return {
    path,
    name: mediaName(isVideo, path),
    size,
    kind: isVideo ? 'video' : 'image',
    thumb: isVideo ? thumbTempFilePath : path,
    duration: isVideo ? duration : 0,
  }
}

function messageFile({ path, name, size, type }: WechatMiniprogram.ChooseFile): PickedFile {
  return { path, name, size, kind: type, thumb: type === 'image' ? path : '', duration: 0 }
}

/** `照片-143205.jpg`: chooseMedia gives no name, but the path ends with the extension. */
function mediaName(isVideo: boolean, path: string): string {
  const { photo, video } = messages().file
  const extension = /\.\w+$/.exec(path)?.[0] ?? (isVideo ? '.mp4' : '.jpg')
  const time = new Date().toTimeString().slice(0, 8).replace(/:/g, '')
  return `${isVideo ? video : photo}-${time}${extension.toLowerCase()}`
}
