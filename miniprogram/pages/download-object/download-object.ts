import type { FailureView } from '../../components/failure-panel/failure-panel'
import type { SignedRequest } from '../../cos/types'
import { messages } from '../../i18n/index'
import { signRequest, userPrefix } from '../../signing/index'
import { downloadObject } from '../../transfer/download-object'
import { asFailure, isKeyAtFault } from '../../transfer/failure'
import type { TransferOptions } from '../../transfer/task'
import { codeCards } from '../code-cards'
import { demoData, demoPage } from '../demo-page'
import { forgetUpload, forgetUploads, recentUploads } from '../recent-uploads'
import { failureView, queryValue, resultFacts, withoutPrefix } from '../views'
import { documentType, notShown, shownOf, type Shown } from './shown'

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
  onLoad(query): void | Promise<void> {
    if (!query.url) return demoPage.onLoad.call(this, query)
    const given = queryValue(query.url)
    const isUrl = /^https?:\/\/\S+$/i.test(given)
    wx.setNavigationBarTitle({ title: texts.title })
    this.setData({ given, problem: isUrl ? '' : texts.givenInvalid })
  },

  onShow() {
    void this.listRecent()
  },

  async onStart() {
    const { given } = this.data
    const downloaded = await (given ? this.downloadGiven(given) : this.downloadKey())
    if (downloaded) {
      const shown = await shownOf(downloaded)
      this.setData({ shown, openFailure: null, facts: resultFacts(downloaded, t) })
      this.setPhase('done')
    }
    await this.listRecent()
  },

  downloadKey() {
    return this.run((key: string, options: TransferOptions) =>
      downloadObject({ key, signRequest }, options),
    )
  },

  /** Sends the URL as it is: no key, no login, nothing to sign. */
  downloadGiven(url: string) {
    const [, path] = /^https?:\/\/[^/?#]+\/?([^?#]*)/i.exec(url) ?? []
    const signed: SignedRequest = { url, method: 'GET', headers: {}, expiresAt: Infinity }
    const request = { key: queryValue(path), signRequest: () => Promise.resolve(signed) }
    return this.attempt((options: TransferOptions) => downloadObject(request, options))
  },

  failed(error: unknown) {
    const { given, prefix } = this.data
    demoPage.failed.call(this, error)
    if (given && isKeyAtFault(error)) this.setData({ 'failure.fix': texts.givenRefused })
    if (!given && asFailure(error).code === 'NO_SUCH_KEY') forgetUpload(prefix + this.name)
  },

  /** Damaged, or of a kind that this phone does not show. */
  onImageError() {
    this.setData({ shown: notShown(this.data.shown!) })
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
