import type { FailureView } from '../../components/failure-panel/failure-panel'
import { fill, formatSeconds, messages } from '../../i18n/index'
import { serverConfig, signingSource, signRequest } from '../../signing/index'
import { systemClock } from '../../transfer/clock'
import { NOTICEABLE } from '../noticeable'
import { facts, failureView } from '../views'

const t = messages()

/** Where the app stands, then the demos and the tools. */
Page({
  /** Counts the times that it was asked: a late answer to a former one is not shown. */
  asked: 0,

  data: {
    t: t.index,
    /** Their places are taken from the start, so that nothing moves when the answer comes. */
    facts: facts([
      [t.index.storage, t.index.connecting],
      [t.index.bucket, '…'],
      [t.index.source, '…'],
      [t.index.clock, '…'],
    ]),
    failure: null as FailureView | null,
    connecting: false,
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
    tools: [
      { page: 'presign', title: t.index.presignTitle, text: t.index.presignText },
      { page: 'setup', title: t.index.setupTitle, text: t.index.setupText },
    ],
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.index.title })
  },

  /** Again after setup, which may have changed it. */
  onShow() {
    void this.onConnect()
  },

  /** What is shown stays until there is something new. */
  async onConnect() {
    const asked = ++this.asked
    const notUntilNoticed = systemClock.after(NOTICEABLE, () => this.setData({ connecting: true }))
    const state = await currentState().then(
      (lines) => ({ facts: facts(lines), failure: null }),
      (error: unknown) => ({ failure: failureView(error, t) }),
    )
    notUntilNoticed()
    if (asked === this.asked) this.setData({ ...state, connecting: false })
  },
})

async function currentState(): Promise<[label: string, value: string][]> {
  const source = signingSource()
  const signedBy: [string, string] = [t.index.source, t.sources[source].title]
  if (source === 'permanent-key') {
    const { url } = await signRequest({ method: 'GET', key: 'a' })
    const host = /^\w+:\/\/([^/]+)/.exec(url)?.[1] ?? url
    return [[t.index.storage, host], signedBy, [t.index.server, t.index.notNeeded]]
  }
  const asked = Date.now()
  const { localCloud, host, bucket, serverTime } = await serverConfig()
  const offset = (asked + Date.now()) / 2000 - serverTime
  return [
    [t.index.storage, `${localCloud ? t.index.localCloud : t.index.realCloud} · ${host}`],
    [t.index.bucket, bucket],
    signedBy,
    [t.index.clock, clockText(offset)],
  ]
}

/** The server tells whole seconds, so less than two are no difference. */
function clockText(offset: number): string {
  if (Math.abs(offset) < 2) return t.index.clockExact
  const time = formatSeconds(Math.abs(offset), t)
  return fill(offset > 0 ? t.index.clockAhead : t.index.clockBehind, { time })
}
