import type { FailureView } from '../../components/failure-panel/failure-panel'
import type { Phase } from '../../components/phase'
import type { PickedFile } from '../../components/picked-file'
import { describeFailure } from '../../demo/describe'
import type { PickEvent } from '../../demo/file-picker/file-picker'
import { keyToWrite } from '../../demo/key-to-write'
import { queryFile, queryValue } from '../../demo/page-query'
import type { PhaseEvent, StartEvent } from '../../demo/transfer-panel/transfer-panel'
import type { UnfinishedEvent } from '../../demo/unfinished-list/unfinished-list'
import { messages } from '../../i18n/index'
import { signRequest } from '../../signing/index'
import { contentTypeOf } from '../../transfer/content-type'
import { md5OfFile } from '../../transfer/md5'
import { multipartUpload } from '../../transfer/multipart-upload'
import type { UnfinishedUpload } from '../../transfer/unfinished-uploads'

const t = messages()

/** Part by part with wx.request PUT. Can be paused, and resumed after a restart of the app. */
Page({
  data: {
    t,
    texts: t.multipartUpload,
    name: '',
    /** The key of an unfinished upload, proposed for a file of its size. */
    proposal: '',
    file: null as PickedFile | null,
    phase: 'ready' as Phase,
    busy: false,
    unfinished: [] as UnfinishedUpload[],
    /** The key has an unfinished upload of another file. */
    isOtherFile: false,
    /** The key of this upload. */
    key: '',
    /** COS keeps parts of this upload. */
    isResumable: false,
    /** Why the upload cannot be resumed after a restart of the app. */
    resumeFailure: null as FailureView | null,
  },

  onLoad({ key, file }) {
    wx.setNavigationBarTitle({ title: t.multipartUpload.title })
    this.setData({ name: queryValue(key), file: queryFile(file) })
  },

  /** An upload that cannot be resumed later leaves nothing at COS. */
  onUnload() {
    if (this.data.resumeFailure) this.selectComponent('#panel').cancel()
  },

  onPick({ detail: { files } }: PickEvent) {
    const file = files[0]!
    const same = this.data.unfinished.find(({ size }) => size === file.size)
    this.setData({ file, proposal: same?.key ?? '' })
    void this.compareUnfinished()
  },

  onStart({ detail: { run } }: StartEvent) {
    const { file } = this.data
    const name: string = this.selectComponent('#key').validate()
    if (!file || !name || this.selectComponent('#unfinished').isDiscarding()) return
    this.setData({ resumeFailure: null })
    let key = ''
    run(async (options) => {
      key ||= await keyToWrite(name, options.signal)
      this.setData({ key })
      return multipartUpload({
        ...options,
        key,
        filePath: file.path,
        contentType: contentTypeOf(file.name),
        signRequest,
        onResumeUnavailable: (error) => this.setData({ resumeFailure: describeFailure(error, t) }),
      })
    })
  },

  onPhase({ detail: { phase, busy } }: PhaseEvent) {
    this.setData({ phase, busy })
  },

  onUnfinished({ detail: { uploads: unfinished } }: UnfinishedEvent) {
    const isResumable = unfinished.some(({ key }) => key === this.data.key)
    this.setData({ unfinished, isResumable })
    void this.compareUnfinished()
  },

  /** Under another key, the upload does not resume. */
  onKeyChange() {
    this.setData({ isResumable: false })
    void this.compareUnfinished()
  },

  onUseKey({ detail: { key } }: WechatMiniprogram.CustomEvent<{ key: string }>) {
    this.selectComponent('#key').setName(key)
    void this.compareUnfinished()
  },

  /** Tells before the start that the key has an unfinished upload of another file. */
  async compareUnfinished() {
    const { file, unfinished } = this.data
    const key: string = this.selectComponent('#key').getKey()
    const upload = unfinished.find((one) => one.key === key)
    const isOtherFile = Boolean(file && upload && !(await isFileOf(file, upload)))
    if (file === this.data.file) this.setData({ isOtherFile })
  },

  async onDiscard() {
    const isDiscarded = await this.selectComponent('#unfinished').discardKey(this.data.key)
    if (isDiscarded) this.selectComponent('#panel').showDiscarded()
  },
})

/** A file that cannot be read is reported when it is uploaded. */
async function isFileOf(file: PickedFile, { size, digest }: UnfinishedUpload): Promise<boolean> {
  if (file.size !== size) return false
  return md5OfFile(file.path).then(
    ({ md5 }) => md5 === digest,
    () => true,
  )
}
