import type { FailureView } from '../../components/failure-panel/failure-panel'
import { isBusy, type Phase } from '../../components/phase'
import type { Signed } from '../../components/signed-panel/signed-panel'
import { fill, formatBytes, messages } from '../../i18n/index'
import { signRequest, userPrefix } from '../../signing/index'
import { downloadObject, type Downloaded } from '../../transfer/download-object'
import { readText } from '../../transfer/file'
import { startAfter, type TransferTask } from '../../transfer/task'
import {
  facts,
  keyProblemText,
  outcomeOf,
  progressText,
  queryValue,
  withoutPrefix,
  type Fact,
} from '../views'

/** What wx.openDocument can show. */
type Document = 'doc' | 'docx' | 'xls' | 'xlsx' | 'ppt' | 'pptx' | 'pdf'
const DOCUMENTS = /\.(docx?|xlsx?|pptx?|pdf)$/i

/** Bytes of a text file that are shown. */
const TEXT_PART = 2048

/** How the downloaded file is shown. */
interface Shown {
  kind: 'image' | 'text' | 'document' | 'other'
  key: string
  path: string
  text: string
}

/** wx.downloadFile from a presigned URL. */
Page({
  /** The transfer under way. */
  task: undefined as TransferTask<Downloaded> | undefined,
  /** The key below the prefix, as typed. Typing is not echoed: a late echo would undo it. */
  name: '',

  data: {
    t: messages(),
    texts: messages().downloadObject,
    textPart: fill(messages().downloadObject.textPart, { bytes: formatBytes(TEXT_PART) }),
    phase: 'ready' as Phase,
    prefix: '',
    /** What the key field shows when it is not typed into. */
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
    this.setName(queryValue(query.key))
    userPrefix().then(
      (prefix) => {
        this.setData({ prefix })
        if (this.name.startsWith(prefix)) this.setName(withoutPrefix(this.name, prefix))
      },
      (error: unknown) => this.fail(error),
    )
  },

  setName(name: string) {
    this.name = name
    this.setData({ name, problem: '' })
  },

  onUnload() {
    this.task?.cancel()
  },

  onName({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
    const { prefix, t } = this.data
    this.name = detail.value
    this.setData({ problem: keyProblemText(prefix, detail.value, t) })
  },

  async onStart() {
    const { t } = this.data
    const { name } = this
    const problem = keyProblemText(this.data.prefix, name, t)
    this.setData({ problem })
    if (problem || isBusy(this.data.phase)) return
    this.setData({ phase: 'signing', signed: null, failure: null, facts: [], shown: null })
    this.setData({ percent: -1, status: '', openProblem: '' })
    this.task = startAfter(userPrefix(), (prefix) => {
      this.setData({ prefix })
      return downloadObject(
        { key: prefix + name, signRequest },
        {
          onStart: (signed) => this.setData({ phase: 'transferring', signed }),
          onProgress: (progress) => {
            if (progress.percent >= 0 && progress.percent === this.data.percent) return
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
    const { path, key } = this.data.shown!
    wx.openDocument({
      filePath: path,
      fileType: DOCUMENTS.exec(key)![1]!.toLowerCase() as Document,
      showMenu: true,
      fail: ({ errMsg }) => {
        this.setData({ openProblem: fill(this.data.texts.openFailed, { reason: errMsg }) })
      },
    })
  },

  async finish({ key, tempFilePath, contentType, etag, requestId, size, elapsed }: Downloaded) {
    const { t } = this.data
    const shown: Shown = { kind: kindOf(contentType, key), key, path: tempFilePath, text: '' }
    if (shown.kind === 'text') {
      try {
        shown.text = await readText(tempFilePath, Math.min(size, TEXT_PART))
      } catch {
        shown.kind = 'other' // no text after all; it has been downloaded all the same
      }
    }
    this.setData({
      phase: 'done',
      shown,
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
    this.setData(outcomeOf(error, this.data.t))
  },
})

function kindOf(contentType: string, key: string): Shown['kind'] {
  if (contentType.startsWith('image/')) return 'image'
  if (/^text\/|json|xml/.test(contentType)) return 'text'
  return DOCUMENTS.test(key) ? 'document' : 'other'
}
