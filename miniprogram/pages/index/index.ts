import type { FailureView } from '../../components/failure-panel/failure-panel'
import { fill, formatSeconds, messages } from '../../i18n/index'
import { serverConfig, signingSource, signRequest } from '../../signing/index'
import { whenNoticeable } from '../noticeable'
import { facts, failureView } from '../views'

const t = messages()
const texts = t.index

/** A page to open. */
interface Entry {
  page: string
  title: string
  text: string
  api?: string
}

const demos: Entry[] = [
  { page: 'put-object', title: texts.putTitle, text: texts.putText, api: 'wx.request' },
  { page: 'post-object', title: texts.postTitle, text: texts.postText, api: 'wx.uploadFile' },
  {
    page: 'multipart-upload',
    title: texts.multipartTitle,
    text: texts.multipartText,
    api: 'wx.request × n',
  },
  { page: 'download-object', title: texts.getTitle, text: texts.getText, api: 'wx.downloadFile' },
]

const tools: Entry[] = [
  { page: 'presign', title: texts.presignTitle, text: texts.presignText },
  { page: 'setup', title: texts.setupTitle, text: texts.setupText },
]

/** Where the app stands, then the demos and the tools. */
Page({
  /** Counts the times that it was asked: a late answer to a former one is not shown. */
  asked: 0,

  data: {
    t: texts,
    /** Their places are taken from the start, so that nothing moves when the answer comes. */
    facts: facts([
      [texts.storage, texts.connecting],
      [texts.bucket, '…'],
      [texts.source, '…'],
      [texts.clock, '…'],
    ]),
    failure: null as FailureView | null,
    connecting: false,
    groups: [
      { title: texts.demos, entries: demos },
      { title: texts.tools, entries: tools },
    ],
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: texts.title })
  },

  /** Again after setup, which may have changed it. */
  onShow() {
    this.onConnect()
  },

  /** What is shown stays until there is something new. */
  onConnect() {
    const asked = ++this.asked
    const show = (data: Partial<typeof this.data>) => {
      if (asked === this.asked) this.setData(data)
    }
    const state = currentState()
    whenNoticeable(state, () => show({ connecting: true }))
    state.then(
      (lines) => show({ facts: facts(lines), failure: null, connecting: false }),
      (error: unknown) => show({ failure: failureView(error, t), connecting: false }),
    )
  },
})

function currentState(): Promise<[label: string, value: string][]> {
  const source = signingSource()
  const { title: signedBy } = t.sources[source]
  if (source === 'permanent-key') {
    return signRequest({ method: 'GET', key: 'a' }).then(({ url }) => [
      [texts.storage, url.split('/')[2] ?? url],
      [texts.source, signedBy],
      [texts.server, texts.notNeeded],
    ])
  }
  const asked = Date.now()
  return serverConfig().then(({ localCloud, host, bucket, serverTime }) => [
    [texts.storage, `${localCloud ? texts.localCloud : texts.realCloud} · ${host}`],
    [texts.bucket, bucket],
    [texts.source, signedBy],
    [texts.clock, clockText((asked + Date.now()) / 2000 - serverTime)],
  ])
}

/** The server tells whole seconds, so less than two are no difference. */
function clockText(offset: number): string {
  if (Math.abs(offset) < 2) return texts.clockExact
  const time = formatSeconds(Math.abs(offset), t)
  return fill(offset > 0 ? texts.clockAhead : texts.clockBehind, { time })
}
