/** What the upload pages share: ① file ② key ③ sign ④ upload. */
import type { FailureView } from '../components/failure-panel/failure-panel'
import type { PickedFile } from '../components/picked-file'
import { contentTypeOf } from '../transfer/content-type'
import type { TransferOptions, TransferTask, Uploaded, UploadRequest } from '../transfer/task'
import { CLEAR, demoData, demoPage, type DemoData, type DemoPage } from './demo-page'
import { proposedKey } from './proposed-key'
import { rememberUpload } from './recent-uploads'
import { failureView, resultFacts } from './views'

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
  upload(request: UploadRequest, options: TransferOptions): TransferTask<Uploaded>
  /** The key to offer for a file, below the prefix. */
  proposed(file: PickedFile): string
  onPick(event: Pick<WechatMiniprogram.CustomEvent<{ files: PickedFile[] }>, 'detail'>): void
  onPickFailed(event: WechatMiniprogram.CustomEvent): void
  onStart(): Promise<void>
  onDownload(): void
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
    const uploaded = await this.run((key, options) => this.upload(requestOf(file, key), options))
    if (!uploaded) return
    rememberUpload(uploaded.key)
    this.setData({ uploadedKey: uploaded.key, facts: resultFacts(uploaded, this.data.t) })
    this.setPhase('done')
  },

  onDownload() {
    openDownload(this.data.uploadedKey)
  },
}

/** What is to be uploaded, and as what. */
export function requestOf({ path, name }: PickedFile, key: string): UploadRequest {
  return { key, filePath: path, contentType: contentTypeOf(name) }
}

export function openDownload(key: string): void {
  const query = `key=${encodeURIComponent(key)}`
  wx.navigateTo({ url: `/pages/download-object/download-object?${query}` })
}
