import { previewOf, type Preview } from '../../demo/downloaded-file/preview'
import { queryValue } from '../../demo/page-query'
import { forgetUpload } from '../../demo/recent-uploads'
import type { PhaseEvent, StartEvent } from '../../demo/transfer-panel/transfer-panel'
import { messages } from '../../i18n/index'
import { objectKey, signRequest } from '../../signing/index'
import {
  downloadObject,
  type Downloaded,
  type DownloadObjectOptions,
} from '../../transfer/download-object'
import { asFailure } from '../../transfer/failure'
import type { SignRequest } from '../../transfer/signing'

const t = messages()
const texts = t.downloadObject

/** wx.downloadFile from a presigned URL: of a key, or a given one. */
Page({
  data: {
    t,
    texts,
    /** Set once the query is known: a page with a URL does not log in. */
    mode: '' as '' | 'key' | 'url',
    name: '',
    url: '',
    urlProblem: '',
    busy: false,
    preview: null as Preview | null,
  },

  /** Takes `key`, or `url`: a presigned URL from elsewhere. */
  onLoad(query) {
    wx.setNavigationBarTitle({ title: texts.title })
    const url = queryValue(query.url)
    const isUrl = /^https?:\/\/\S+$/i.test(url)
    this.setData({
      mode: url ? 'url' : 'key',
      name: queryValue(query.key),
      url,
      urlProblem: isUrl ? '' : texts.givenInvalid,
    })
  },

  onStart({ detail: { run } }: StartEvent) {
    const name: string = this.selectComponent('#key').validate()
    if (!name) return
    run(async (options) => {
      const key = await objectKey(name)
      try {
        return await this.download({ ...options, key, signRequest })
      } catch (error) {
        if (asFailure(error).code === 'NO_SUCH_KEY') forgetUpload(key)
        throw error
      }
    })
  },

  /** Sends the URL as it is: no login, nothing to sign. */
  onStartUrl({ detail: { run } }: StartEvent) {
    const { url } = this.data
    const [, path] = /^https?:\/\/[^/?#]+\/?([^?#]*)/i.exec(url) ?? []
    const asGiven: SignRequest = async () => ({
      url,
      method: 'GET',
      headers: {},
      expiresAt: Infinity,
    })
    run((options) => this.download({ ...options, key: queryValue(path), signRequest: asGiven }))
  },

  async download(options: DownloadObjectOptions): Promise<Downloaded> {
    const downloaded = await downloadObject(options)
    this.setData({ preview: await previewOf(downloaded) })
    return downloaded
  },

  onPhase({ detail: { busy } }: PhaseEvent) {
    this.setData({ busy })
  },

  onRecent({ detail: { key } }: WechatMiniprogram.CustomEvent<{ key: string }>) {
    this.selectComponent('#key').setName(key)
  },
})
