import type { PickedFile } from '../components/file-picker/file-picker'
import type { FailureView } from '../components/failure-panel/failure-panel'
import { isBusy, type Phase } from '../components/phase'
import type { Signed } from '../components/signed-panel/signed-panel'
import { fill, formatBytes, messages, type Messages } from '../i18n/index'
import { userPrefix } from '../signing/index'
import { contentTypeOf } from '../transfer/content-type'
import type { Progress } from '../transfer/progress'
import {
  startAfter,
  type TransferOptions,
  type TransferTask,
  type Uploaded,
} from '../transfer/task'
import {
  facts,
  failureView,
  keyProblemText,
  outcomeOf,
  progressText,
  queryValue,
  withoutPrefix,
  type Fact,
} from './views'

/** What one upload page does differently from the other. */
export interface UploadWay {
  texts: (t: Messages) => { title: string; intro: string; sign: string }
  upload: (
    request: { key: string; filePath: string; contentType: string },
    options: TransferOptions,
  ) => TransferTask<Uploaded>
}

/** Registers a page that uploads one file: ① file ② key ③ sign ④ upload. */
export function uploadPage({ texts, upload }: UploadWay): void {
  Page({
    /** The transfer under way. */
    task: undefined as TransferTask<Uploaded> | undefined,
    /** Shows the elapsed time, second by second. */
    timer: 0,
    /** The person, or a query, has named the key: choosing a file no longer does. */
    named: false,
    /** The key below the prefix, as typed. Typing is not echoed: a late echo would undo it. */
    name: '',

    data: {
      t: messages(),
      texts: texts(messages()),
      phase: 'empty' as Phase,
      file: null as PickedFile | null,
      prefix: '',
      /** What the key field shows when it is not typed into. */
      name: '',
      problem: '',
      signed: null as Signed | null,
      percent: -1,
      status: '',
      facts: [] as Fact[],
      uploadedKey: '',
      failure: null as FailureView | null,
    },

    onLoad(query) {
      wx.setNavigationBarTitle({ title: this.data.texts.title })
      this.named = Boolean(query.key)
      this.setName(queryValue(query.key))
      userPrefix().then(
        (prefix) => {
          this.setData({ prefix })
          if (this.name.startsWith(prefix)) this.setName(withoutPrefix(this.name, prefix))
        },
        (error: unknown) => this.fail(error),
      )
    },

    onUnload() {
      this.task?.cancel()
    },

    onPick({ detail }: WechatMiniprogram.CustomEvent<{ file: PickedFile | null }>) {
      const { file } = detail
      this.clearOutcome()
      this.setData({ file, phase: file ? 'ready' : 'empty' })
      if (file && !this.named) this.setName(file.name)
    },

    onPickFailed({ detail: error }: WechatMiniprogram.CustomEvent) {
      this.setData({ failure: failureView(error, this.data.t) })
    },

    onName({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
      const { prefix, t } = this.data
      this.named = true
      this.name = detail.value
      this.setData({ problem: keyProblemText(prefix, detail.value, t) })
    },

    setName(name: string) {
      this.name = name
      this.setData({ name, problem: '' })
    },

    async onStart() {
      const { file, t } = this.data
      const { name } = this
      const problem = keyProblemText(this.data.prefix, name, t)
      this.setData({ problem })
      if (!file || problem || isBusy(this.data.phase)) return
      this.clearOutcome()
      this.setData({ phase: 'signing' })
      this.task = startAfter(userPrefix(), (prefix) => {
        this.setData({ prefix })
        return upload(
          { key: prefix + name, filePath: file.path, contentType: contentTypeOf(file.name) },
          {
            onStart: (signed) => this.started(signed, file.size),
            onProgress: (progress) => this.progressed(progress),
          },
        )
      })
      try {
        this.finish(await this.task.result)
      } catch (error) {
        this.fail(error)
      } finally {
        clearInterval(this.timer)
      }
    },

    onCancel() {
      this.task?.cancel()
    },

    onDownload() {
      const key = encodeURIComponent(this.data.uploadedKey)
      wx.navigateTo({ url: `/pages/download-object/download-object?key=${key}` })
    },

    started(signed: Signed, size: number) {
      const { t } = this.data
      const begin = Date.now()
      const show = () => {
        const seconds = Math.round((Date.now() - begin) / 1000)
        if (this.data.percent < 0) {
          this.setData({ status: fill(t.transfer.elapsed, { size: formatBytes(size), seconds }) })
        }
      }
      this.setData({ phase: 'transferring', signed })
      show()
      this.timer = setInterval(show, 1000)
    },

    progressed(progress: Progress) {
      if (progress.percent >= 0 && progress.percent === this.data.percent) return
      this.setData({
        percent: progress.percent,
        status: progressText(progress, this.data.t),
      })
    },

    finish({ key, etag, requestId, size, elapsed }: Uploaded) {
      const { t } = this.data
      this.setData({
        phase: 'done',
        uploadedKey: key,
        facts: facts([
          [t.facts.key, key],
          [t.facts.size, formatBytes(size)],
          [t.facts.elapsed, `${(elapsed / 1000).toFixed(2)} s`],
          [t.facts.etag, etag],
          [t.facts.requestId, requestId],
        ]),
      })
    },

    fail(error: unknown) {
      const { phase, failure } = outcomeOf(error, this.data.t)
      this.setData({ phase: this.data.file ? phase : 'empty', failure })
    },

    clearOutcome() {
      this.setData({ signed: null, failure: null, facts: [], percent: -1, status: '' })
    },
  })
}
