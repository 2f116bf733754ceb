import type { FailureView } from '../../components/failure-panel/failure-panel'
import { isBusy, type Phase } from '../../components/phase'
import type { Signed } from '../../components/signed-panel/signed-panel'
import { fill, formatBytes, messages } from '../../i18n/index'
import { forget, signRequest, userPrefix } from '../../signing/index'
import { downloadObject, type Downloaded } from '../../transfer/download-object'
import { isKeyAtFault } from '../../transfer/failure'
import { readText } from '../../transfer/file'
import { startAfter, type TransferTask } from '../../transfer/task'
import { facts, failureView, keyProblemText, progressText, queryValue, type Fact } from '../views'

/** What wx.openDocument can show. */
type Document = 'doc' | 'docx' | 'xls' | 'xlsx' | 'ppt' | 'pptx' | 'pdf'
const DOCUMENTS = /\.(docx?|xlsx?|pptx?|pdf)$/i

/** Bytes of a text file that are shown. */
const TEXT_PART = 2048

/** How the downloaded file is shown. */
interface Shown {
  kind: 'image' | 'text' | 'document' | 'other'
  path: string
  text: string
}

/** wx.downloadFile from a presigned URL. */
Page({
  /** The transfer under way. */
  task: undefined as TransferTask<Downloaded> | undefined,

  data: {
    t: messages(),
    texts: messages().downloadObject,
    textPart: fill(messages().downloadObject.textPart, { bytes: formatBytes(TEXT_PART) }),
    phase: 'ready' as Phase,
    prefix: '',
    /** The key below the prefix. */
    name: '',
    problem: '',
    signed: null as Signed | null,
    percent: -1,
    status: '',
    facts: [] as Fact[],
    shown: null as Shown | null,
    openProblem: '',
    failure: null as FailureView | null,
  },

  onLoad(query) {
    wx.setNavigationBarTitle({ title: this.data.texts.title })
    const key = queryValue(query.key)
    this.setData({ name: key })
    userPrefix().then(
      (prefix) =>
        this.setData({ prefix, name: key.startsWith(prefix) ? key.slice(prefix.length) : key }),
      (error: unknown) => this.fail(error),
    )
  },

  onUnload() {
    this.task?.cancel()
  },

  onName({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
    const { prefix, t } = this.data
    this.setData({ name: detail.value, problem: keyProblemText(prefix, detail.value, t) })
  },

  async onStart() {
    const { name, t } = this.data
    const problem = keyProblemText(this.data.prefix, name, t)
    this.setData({ problem })
    if (problem || isBusy(this.data.phase)) return
    this.setData({ phase: 'signing', signed: null, failure: null, facts: [], shown: null })
    this.setData({ percent: -1, status: '', openProblem: '' })
    this.task = startAfter(userPrefix(), (prefix) => {
      this.setData({ prefix })
      return downloadObject(
        {
          key: prefix + name,
          signRequest: async (request) => {
            const signed = await signRequest(request)
            this.setData({ signed })
            return signed
          },
        },
        {
          onStart: () => this.setData({ phase: 'transferring' }),
          onProgress: (progress) => {
            if (progress.percent === this.data.percent) return
            this.setData({ percent: progress.percent, status: progressText(progress, t) })
          },
        },
      )
    })
    try {
      await this.finish(await this.task.result)
    } catch (error) {
      this.fail(error)
    }
  },

  onCancel() {
    this.task?.cancel()
  },

  onPreview() {
    wx.previewImage({ urls: [this.data.shown!.path] })
  },

  onOpen() {
    wx.openDocument({
      filePath: this.data.shown!.path,
      fileType: DOCUMENTS.exec(this.data.name)![1]!.toLowerCase() as Document,
      showMenu: true,
      fail: ({ errMsg }) => {
        this.setData({ openProblem: fill(this.data.texts.openFailed, { reason: errMsg }) })
      },
    })
  },

  async finish({ tempFilePath, contentType, etag, requestId, size, elapsed }: Downloaded) {
    const { t, name } = this.data
    const kind = kindOf(contentType, name)
    const text = kind === 'text' ? await readText(tempFilePath, Math.min(size, TEXT_PART)) : ''
    this.setData({
      phase: 'done',
      shown: { kind, path: tempFilePath, text },
      facts: facts([
        [t.facts.size, formatBytes(size)],
        [t.facts.type, contentType],
        [t.facts.elapsed, `${(elapsed / 1000).toFixed(2)} s`],
        [t.facts.etag, etag],
        [t.facts.requestId, requestId],
      ]),
    })
  },

  fail(error: unknown) {
    const cancelled = (error as { code?: string }).code === 'CANCELLED'
    if (isKeyAtFault(error)) forget()
    this.setData({
      phase: cancelled ? 'cancelled' : 'failed',
      failure: cancelled ? null : failureView(error, this.data.t),
    })
  },
})

function kindOf(contentType: string, name: string): Shown['kind'] {
  if (contentType.startsWith('image/')) return 'image'
  if (/^text\/|json|xml/.test(contentType)) return 'text'
  return DOCUMENTS.test(name) ? 'document' : 'other'
}
