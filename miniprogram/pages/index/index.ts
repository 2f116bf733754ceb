import type { FailureView } from '../../components/failure-panel/failure-panel'
import { fill, messages } from '../../i18n/index'
import { serverConfig, signingSource } from '../../signing/index'
import { facts, failureView, type Fact } from '../views'

const t = messages()

/** Where the app stands, then the demos. */
Page({
  data: {
    t: t.index,
    retry: t.transfer.retry,
    facts: [] as Fact[],
    failure: null as FailureView | null,
    demos: [
      { page: 'put-object', title: t.index.putTitle, text: t.index.putText, api: 'wx.request' },
      {
        page: 'post-object',
        title: t.index.postTitle,
        text: t.index.postText,
        api: 'wx.uploadFile',
      },
      {
        page: 'multipart-upload',
        title: t.index.multipartTitle,
        text: t.index.multipartText,
        api: 'wx.request × n',
      },
      {
        page: 'download-object',
        title: t.index.getTitle,
        text: t.index.getText,
        api: 'wx.downloadFile',
      },
    ],
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.index.title })
  },

  /** Again after setup, which may have changed it. */
  onShow() {
    return this.onConnect()
  },

  async onConnect() {
    const source: [string, string] = [t.index.source, t.sources[signingSource()].title]
    this.setData({ failure: null })
    if (signingSource() === 'permanent-key') {
      this.setData({ facts: facts([source]) }) // no server has a part in it
      return
    }
    try {
      const asked = Date.now()
      const { localCloud, host, bucket, serverTime } = await serverConfig()
      const offset = (asked + Date.now()) / 2000 - serverTime
      this.setData({
        facts: facts([
          [t.index.storage, `${localCloud ? t.index.localCloud : t.index.realCloud} · ${host}`],
          [t.index.bucket, bucket],
          source,
          [t.index.clock, clockText(offset)],
        ]),
      })
    } catch (error) {
      this.setData({ facts: [], failure: failureView(error, t) })
    }
  },
})

/** The server tells whole seconds, so less than two are no difference. */
function clockText(offset: number): string {
  const seconds = Math.round(Math.abs(offset))
  if (seconds < 2) return t.index.clockExact
  return fill(offset > 0 ? t.index.clockAhead : t.index.clockBehind, { seconds })
}
