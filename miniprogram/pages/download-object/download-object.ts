import type { FailureView } from '../../components/failure-panel/failure-panel'
import type { SignRequest } from '../../cos/types'
import { formatBytes, messages } from '../../i18n/index'
import { signRequest, userPrefix } from '../../signing/index'
import { downloadObject, type Downloaded } from '../../transfer/download-object'
import { asFailure, isKeyAtFault } from '../../transfer/failure'
import type { TransferTask } from '../../transfer/task'
import { codeCards } from '../code-cards'
import { CLEAR, demoData, demoPage } from '../demo-page'
import { forgetUpload, forgetUploads, recentUploads } from '../recent-uploads'
import { elapsedText, facts, failureView, outcomeOf, queryValue, withoutPrefix } from '../views'
import { documentType, shownOf, type Shown } from './shown'

/** A recent upload to tap. */
interface Chip {
  key: string
  /** The key below the prefix, short enough for a chip. */
  label: string
}

type ChipEvent = WechatMiniprogram.CustomEvent<object, object, { index: number }>

const t = messages()
const texts = t.downloadObject

/** wx.downloadFile from a presigned URL. */
Page({
  ...demoPage,

  data: {
    ...demoData(texts, 'ready'),
    texts,
    recent: [] as Chip[],
    /** The URL that the page was opened with, in place of a key. */
    given: '',
    shown: null as Shown | null,
    openFailure: null as FailureView | null,
    card: codeCards['download-object'],
  },

  /** Takes `key`, or `url`: a presigned URL from elsewhere. */
  async onLoad(query) {
    if (query.url) this.take(queryValue(query.url))
    else await demoPage.onLoad.call(this, query)
  },

  onShow() {
    void this.listRecent()
  },

  take(given: string) {
    wx.setNavigationBarTitle({ title: texts.title })
    const isUrl = /^https?:\/\/\S+$/i.test(given)
    this.setData({ given, problem: isUrl ? '' : texts.givenInvalid })
  },

  async onStart() {
    const { given } = this.data
    const downloaded = given
      ? await this.downloadGiven(given)
      : await this.run((key: string) => this.downloadKey(key))
    if (downloaded) await this.finish(downloaded)
    await this.listRecent()
  },

  download(key: string, sign: SignRequest): TransferTask<Downloaded> {
    return downloadObject(
      { key, signRequest: sign },
      {
        onStart: (signed) => this.started(signed),
        onProgress: (progress) => this.progressed(progress),
      },
    )
  },

  downloadKey(key: string) {
    const task = this.download(key, signRequest)
    task.result.catch((error: unknown) => {
      if (asFailure(error).code === 'NO_SUCH_KEY') forgetUpload(key)
    })
    return task
  },

  /** Sends the URL as it is: no key, no login, nothing to sign. */
  async downloadGiven(url: string) {
    this.setData(CLEAR)
    this.setPhase('signing')
    const [, path = ''] = /^https?:\/\/[^/?#]+\/?([^?#]*)/i.exec(url) ?? []
    const signed = { url, method: 'GET' as const, headers: {}, expiresAt: Infinity }
    const task = this.download(queryValue(path), async () => signed)
    this.task = task
    try {
      return await task.result
    } catch (error) {
      if (this.left) return undefined
      const { phase, failure } = outcomeOf(error, t)
      if (failure && isKeyAtFault(error)) failure.fix = texts.givenRefused
      this.setData({ failure })
      this.setPhase(phase)
      return undefined
    }
  },

  async finish(downloaded: Downloaded) {
    const { contentType, etag, requestId, size, elapsed } = downloaded
    const shown = await shownOf(downloaded)
    this.setData({
      shown,
      openFailure: null,
      facts: facts([
        [t.facts.size, formatBytes(size)],
        [t.facts.type, contentType],
        [t.facts.elapsed, elapsedText(elapsed, t)],
        [t.facts.etag, etag],
        [t.facts.requestId, requestId],
      ]),
    })
    this.setPhase('done')
  },

  /** Damaged, or of a kind that this phone does not show. */
  onImageError() {
    this.setData({ shown: { ...this.data.shown!, kind: 'other' } })
  },

  onPreview() {
    wx.previewImage({ urls: [this.data.shown!.path], fail: (error) => this.notOpened(error) })
  },

  onOpen() {
    const { path, key } = this.data.shown!
    wx.openDocument({
      filePath: path,
      fileType: documentType(key)!,
      showMenu: true,
      success: () => this.setData({ openFailure: null }),
      fail: (error) => this.notOpened(error),
    })
  },

  notOpened(error: { errMsg: string }) {
    this.setData({ openFailure: { ...failureView(error, t), title: texts.openFailed } })
  },

  onChip({ currentTarget }: ChipEvent) {
    const { key } = this.data.recent[currentTarget.dataset.index]!
    this.named = true
    this.setName(withoutPrefix(key, this.data.prefix))
  },

  onForget() {
    forgetUploads(this.data.prefix)
    this.setData({ recent: [] })
  },

  /** Once the login has told which keys are this user's; that it failed is shown by `onLoad`. */
  async listRecent() {
    if (this.data.given) return
    const prefix = await userPrefix().catch(() => undefined)
    if (prefix === undefined || this.left) return
    const labelOf = (key: string) => shortened(withoutPrefix(key, prefix))
    const recent = recentUploads(prefix).map((key) => ({ key, label: labelOf(key) }))
    this.setPrefix(prefix)
    this.setData({ recent })
  },
})

/** Cuts the middle out of a long key: its folder and its extension tell most. */
function shortened(name: string): string {
  const characters = Array.from(name)
  if (characters.length <= 28) return name
  return [...characters.slice(0, 14), '…', ...characters.slice(-12)].join('')
}
