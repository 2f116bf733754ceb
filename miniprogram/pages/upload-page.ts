/** What the upload pages share: ① file ② key ③ sign ④ upload. */
import type { FailureView } from '../components/failure-panel/failure-panel'
import type { PickedFile } from '../components/picked-file'
import { formatBytes } from '../i18n/index'
import { contentTypeOf } from '../transfer/content-type'
import type { TransferOptions, TransferTask, Uploaded } from '../transfer/task'
import { CLEAR, demoData, demoPage, type DemoData, type DemoPage } from './demo-page'
import { proposedKey } from './proposed-key'
import { rememberUpload } from './recent-uploads'
import { elapsedText, facts, failureView } from './views'

export interface UploadData extends DemoData {
  file: PickedFile | null
  /** Files that can be chosen at once. */
  max: number
  /** Why no file could be chosen. */
  pickFailure: FailureView | null
  uploadedKey: string
}

/** An upload page, as seen by the methods below. */
export interface UploadPage extends DemoPage {
  data: UploadData
  setData(data: Partial<UploadData>): void
  /** The way to upload that the page shows. */
  upload(
    request: { key: string; filePath: string; contentType: string },
    options: TransferOptions,
  ): TransferTask<Uploaded>
  /** The key to offer for a file, below the prefix. */
  proposed(file: PickedFile): string
  onPick(event: Pick<WechatMiniprogram.CustomEvent<{ files: PickedFile[] }>, 'detail'>): void
  onPickFailed(event: WechatMiniprogram.CustomEvent): void
  onStart(): Promise<void>
  onDownload(): void
  finish(uploaded: Uploaded): void
}

export function uploadData(texts: DemoData['texts']): UploadData {
  return { ...demoData(texts, 'empty'), file: null, max: 1, pickFailure: null, uploadedKey: '' }
}

/** Spread this, and `upload`, into the object that is given to Page. */
export const uploadPage: Omit<UploadPage, 'data' | 'setData' | 'upload'> & ThisType<UploadPage> = {
  ...demoPage,

  proposed({ name }) {
    return proposedKey(name)
  },

  onPick({ detail: { files } }) {
    const [file = null] = files
    this.setData({ ...CLEAR, file, pickFailure: null })
    this.setPhase(file ? 'ready' : 'empty')
    if (file && !this.named) this.setName(this.proposed(file))
  },

  onPickFailed({ detail: error }) {
    this.setData({ pickFailure: failureView(error, this.data.t) })
  },

  async onStart() {
    const { file } = this.data
    if (!file) return
    const uploaded = await this.run((key) =>
      this.upload(
        { key, filePath: file.path, contentType: contentTypeOf(file.name) },
        {
          onStart: (signed) => this.started(signed),
          onProgress: (progress) => this.progressed(progress),
        },
      ),
    )
    if (uploaded) this.finish(uploaded)
  },

  onDownload() {
    const key = encodeURIComponent(this.data.uploadedKey)
    wx.navigateTo({ url: `/pages/download-object/download-object?key=${key}` })
  },

  finish({ key, etag, requestId, size, elapsed }) {
    const { t } = this.data
    rememberUpload(key)
    this.setData({
      uploadedKey: key,
      facts: facts([
        [t.facts.key, key],
        [t.facts.size, formatBytes(size)],
        [t.facts.elapsed, elapsedText(elapsed, t)],
        [t.facts.etag, etag],
        [t.facts.requestId, requestId],
      ]),
    })
    this.setPhase('done')
  },
}
