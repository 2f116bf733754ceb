import type { FailureView } from '../../components/failure-panel/failure-panel'
import type { PickedFile } from '../../components/picked-file'
import { formatBytes, messages } from '../../i18n/index'
import { signRequest } from '../../signing/index'
import { multipartUpload, type MultipartUploadTask } from '../../transfer/multipart-upload'
import type { Progress } from '../../transfer/progress'
import type { TransferOptions } from '../../transfer/task'
import {
  discardUpload,
  unfinishedUploads,
  type UnfinishedUpload,
} from '../../transfer/unfinished-uploads'
import { codeCards } from '../code-cards'
import { CLEAR } from '../demo-page'
import { uploadData, uploadPage } from '../upload-page'
import { bytesText, failureView, withoutPrefix } from '../views'

const t = messages()
const texts = t.multipartUpload

/** An unfinished upload, as a line of the list. */
interface Unfinished {
  /** Its upload id. */
  id: string
  upload: UnfinishedUpload
  size: string
}

/** A tap on a line of the list. */
type RowEvent = WechatMiniprogram.CustomEvent<object, object, { index: number }>

/** Part by part with wx.request PUT: can be paused, and resumed after the app was closed. */
Page({
  ...uploadPage,

  /** This is `task`, once the login has been answered. */
  pausable: undefined as MultipartUploadTask | undefined,
  progress: undefined as Progress | undefined,
  /** The parts: what comes before and after them would hide what can be gone on with. */
  faultMatch: { method: 'PUT' as const },

  data: {
    ...uploadData(texts),
    texts,
    unfinished: [] as Unfinished[],
    /** Id of the one that is being discarded. */
    discarding: '',
    discardFailure: null as FailureView | null,
    /** The key of this upload, and whether it can be gone on with after a failure. */
    key: '',
    resumable: false,
    notKept: null as FailureView | null,
    card: codeCards['multipart-upload'],
  },

  async onLoad(query) {
    await uploadPage.onLoad.call(this, query)
    if (!this.left) this.listUnfinished()
  },

  onShow() {
    if (!this.data.busy) this.listUnfinished()
  },

  /** Paused, where whoever comes back and chooses the same file can go on from here. */
  onUnload() {
    this.left = true
    if (this.task === this.pausable && !this.data.notKept) this.pausable?.pause()
    else this.task?.cancel()
    void this.liftFault()
  },

  /** The key of an unfinished upload of this size: most likely this is its file. */
  proposed(file: PickedFile): string {
    const { unfinished, prefix } = this.data
    const same = unfinished.find(({ upload }) => upload.size === file.size)
    return same ? withoutPrefix(same.upload.key, prefix) : uploadPage.proposed(file)
  },

  async onStart() {
    if (this.data.busy || this.data.discarding) return
    if (this.data.notKept) this.task?.cancel() // it cannot be resumed: nothing of it stays at COS
    this.progress = undefined
    this.setData({ notKept: null, discardFailure: null })
    await uploadPage.onStart.call(this)
    if (!this.left) this.listUnfinished()
  },

  upload(
    request: { key: string; filePath: string; contentType: string },
    options: TransferOptions,
  ): MultipartUploadTask {
    this.setData({ key: request.key })
    const onNotKept = (failure: unknown) => this.setData({ notKept: failureView(failure, t) })
    this.pausable = multipartUpload({ ...request, signRequest }, { ...options, onNotKept })
    return this.pausable
  },

  progressed(progress: Progress) {
    this.progress = progress
    uploadPage.progressed.call(this, progress)
  },

  onPause() {
    this.pausable?.pause()
    const status = this.progress && bytesText(this.progress, t)
    this.setData({ status: [t.transfer.paused, status].filter(Boolean).join(' · ') })
    this.setPhase('paused')
  },

  onResume() {
    this.setPhase('signing')
    this.pausable?.resume()
  },

  /** What failed may go on from what is confirmed, under the key that it has. */
  onName(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    uploadPage.onName.call(this, event)
    this.setData({ resumable: false })
  },

  /** While it runs or rests, and also after it has failed. */
  async onCancel() {
    const { busy, unfinished, key } = this.data
    const row = unfinished.find(({ upload }) => upload.key === key)
    if (busy || !row) return this.task?.cancel() // onStart shows what comes of it
    if (!(await this.discard(row))) return
    this.setData(CLEAR)
    this.setPhase('cancelled')
  },

  listUnfinished() {
    const { prefix, key } = this.data
    const uploads = unfinishedUploads().filter((upload) => upload.key.startsWith(prefix))
    this.setData({
      unfinished: uploads.map((upload) => ({
        id: upload.uploadId,
        upload,
        size: formatBytes(upload.size),
      })),
      resumable: uploads.some((upload) => upload.key === key),
    })
  },

  onUseKey({ currentTarget }: RowEvent) {
    const { upload } = this.data.unfinished[currentTarget.dataset.index]!
    this.named = true
    this.setName(withoutPrefix(upload.key, this.data.prefix))
  },

  onDiscard({ currentTarget }: RowEvent) {
    return this.discard(this.data.unfinished[currentTarget.dataset.index]!)
  },

  /** Gives whether COS has aborted it. */
  async discard({ id, upload }: Unfinished): Promise<boolean> {
    this.setData({ discarding: id, discardFailure: null })
    let discardFailure: FailureView | null = null
    try {
      await discardUpload(upload, signRequest)
    } catch (error) {
      discardFailure = failureView(error, t)
    }
    if (!this.left) {
      this.setData({ discarding: '', discardFailure })
      this.listUnfinished()
    }
    return !this.left && discardFailure === null
  },
})
