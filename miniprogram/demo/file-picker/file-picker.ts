import type { FailureView } from '../../components/failure-panel/failure-panel'
import { shorten } from '../../components/shorten'
import { aboutFile, type PickedFile } from '../../components/picked-file'
import { messages } from '../../i18n/index'
import { describeFailure } from '../describe'

/** `isChange`: in place of the file that is shown. */
export type PickEvent = WechatMiniprogram.CustomEvent<{ files: PickedFile[]; isChange: boolean }>

/**
 * Chooses files: photos and videos from the camera or the album, or any file from a chat.
 * Event: `pick` with `{ files, isChange }`.
 */
Component({
  properties: {
    file: { type: null, value: null as PickedFile | null },
    /** Files at once, up to 9. Above 1, files can be added to the one that is shown. */
    max: { type: Number, value: 1 },
    /** Replaces the sentence above the buttons. */
    hint: String,
    disabled: Boolean,
  },
  data: {
    t: messages().file,
    name: '',
    about: '',
    /** Another file is being chosen. The shown one stays until then. */
    changing: false,
    /** Why no file could be chosen. */
    failure: null as FailureView | null,
  },
  observers: {
    file(file: PickedFile | null) {
      this.setData({
        name: file ? shorten(file.name) : '',
        about: file ? aboutFile(file) : '',
      })
    },
  },
  methods: {
    fromMedia() {
      wx.chooseMedia({
        count: this.data.max,
        mediaType: ['image', 'video'],
        sourceType: ['album', 'camera'],
        sizeType: ['original'],
        maxDuration: 60, // seconds of a video from the camera: the maximum of wx
        success: ({ tempFiles }) => this.pick(tempFiles.map(mediaFile)),
        fail: (error) => this.showFailure(error),
      })
    },
    fromChat() {
      wx.chooseMessageFile({
        count: this.data.max,
        type: 'all',
        success: ({ tempFiles }) => this.pick(tempFiles.map(messageFile)),
        fail: (error) => this.showFailure(error),
      })
    },
    change() {
      this.setData({ failure: null, changing: !this.data.changing })
    },
    pick(files: PickedFile[]) {
      const { changing: isChange } = this.data
      this.setData({ failure: null, changing: false })
      if (files.length > 0) this.triggerEvent('pick', { files, isChange })
    },
    /** A person who changes their mind is no failure. */
    showFailure(error: { errMsg: string }) {
      const isCancelled = /:fail cancel/.test(error.errMsg)
      if (!isCancelled) this.setData({ failure: describeFailure(error, messages()) })
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
