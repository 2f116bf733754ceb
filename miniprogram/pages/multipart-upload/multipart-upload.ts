import type { FailureView } from '../../components/failure-panel/failure-panel'
import type { PickedFile } from '../../components/picked-file'
import { formatBytes, messages } from '../../i18n/index'
import { signRequest } from '../../signing/index'
import { multipartUpload, type MultipartUploadTask } from '../../transfer/multipart-upload'
import type { Progress } from '../../transfer/progress'
import type { TransferOptions, UploadRequest } from '../../transfer/task'
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
interface Unfinished extends UnfinishedUpload {
  about: string
}

/** A tap on a line of the list. */
type RowEvent = WechatMiniprogram.CustomEvent<object, object, { index: number }>

/** Part by part with wx.request PUT: can be paused, and resumed after the app was closed. */
Page({
  ...uploadPage,

  /** This is `task`, once the login has been answered. */
  pausable: undefined as MultipartUploadTask | undefined,
  /** How far it is. */
  bytes: '',
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

  setPrefix(prefix: string) {
    uploadPage.setPrefix.call(this, prefix)
    this.listUnfinished()
  },

  /** The key of an unfinished upload of this size: most likely this is its file. */
  proposed(file: PickedFile): string {
    const { unfinished, prefix } = this.data
    const same = unfinished.find(({ size }) => size === file.size)
    return same ? withoutPrefix(same.key, prefix) : uploadPage.proposed(file)
  },

  async onStart() {
    if (this.data.busy || this.data.discarding) return
    if (this.data.notKept) this.task?.cancel() // it cannot be resumed: nothing of it stays at COS
    this.bytes = ''
    this.setData({ notKept: null, discardFailure: null })
    await uploadPage.onStart.call(this)
    if (!this.left) this.listUnfinished()
  },

  upload(request: UploadRequest, options: TransferOptions): MultipartUploadTask {
    this.setData({ key: request.key })
    const onNotKept = (failure: unknown) => this.setData({ notKept: failureView(failure, t) })
    const task = multipartUpload({ ...request, signRequest }, { ...options, onNotKept })
    this.pausable = task
    return task
  },

  progressed(progress: Progress) {
    this.bytes = bytesText(progress.loaded, progress.total)
    uploadPage.progressed.call(this, progress)
  },

  onPause() {
    this.pausable?.pause()
    this.setData({ status: [t.transfer.paused, this.bytes].filter(Boolean).join(' · ') })
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
    const upload = unfinished.find((one) => one.key === key)
    if (busy || !upload) this.task?.cancel()
    if (busy) return // onStart shows what comes of it
    if (upload && !(await this.discard(upload))) return
    this.setData({ ...CLEAR, notKept: null })
    this.setPhase('cancelled')
  },

  listUnfinished() {
    const { prefix, key } = this.data
    const uploads = listed().filter((upload) => upload.key.startsWith(prefix))
    this.setData({
      unfinished: uploads.map((upload) => ({ ...upload, about: formatBytes(upload.size) })),
      resumable: uploads.some((upload) => upload.key === key),
    })
  },

  onUseKey({ currentTarget }: RowEvent) {
    const { key } = this.data.unfinished[currentTarget.dataset.index]!
    this.named = true
    this.setName(withoutPrefix(key, this.data.prefix))
  },

  onDiscard({ currentTarget }: RowEvent) {
    return this.discard(this.data.unfinished[currentTarget.dataset.index]!)
  },

  /** Gives whether COS has aborted it. */
  async discard(upload: UnfinishedUpload): Promise<boolean> {
    this.setData({ discarding: upload.uploadId, discardFailure: null })
    const discardFailure = await discardUpload(upload, signRequest).then(
      () => null,
      (error: unknown) => failureView(error, t),
    )
    if (this.left) return false
    this.setData({ discarding: '', discardFailure })
    this.listUnfinished()
    return !discardFailure
  },
})

/** None where the storage cannot be read: an upload does without it, and tells so itself. */
function listed(): UnfinishedUpload[] {
  try {
    return unfinishedUploads()
  } catch {
    return []
  }
}
