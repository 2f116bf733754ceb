import type { FailureView } from '../../components/failure-panel/failure-panel'
import { fill, formatSeconds, messages } from '../../i18n/index'
import { fetchServerConfig } from '../../signing/server'
import { permanentKeyInUse, signingSource } from '../../signing/source'
import { delaySpinner } from '../../components/delay-spinner'
import { latest } from '../../components/latest'
import { describeFailure, detailRows } from '../../demo/describe'

const t = messages()
const texts = t.index

/** A page to open. */
interface Entry {
  /** Path in app.json. */
  page: string
  title: string
  text: string
  api?: string
}

const demos: Entry[] = [
  {
    page: 'pages/put-object/put-object',
    title: texts.putTitle,
    text: texts.putText,
    api: 'wx.request',
  },
  {
    page: 'pages/post-object/post-object',
    title: texts.postTitle,
    text: texts.postText,
    api: 'wx.uploadFile',
  },
  {
    page: 'pages/multipart-upload/multipart-upload',
    title: texts.multipartTitle,
    text: texts.multipartText,
    api: 'wx.request × n',
  },
  {
    page: 'pages/download-object/download-object',
    title: texts.getTitle,
    text: texts.getText,
    api: 'wx.downloadFile',
  },
]

const tools: Entry[] = [
  {
    page: 'presign/manual-page/manual-page',
    title: texts.samplesTitle,
    text: texts.samplesText,
  },
  { page: 'presign/presign', title: texts.presignTitle, text: texts.presignText },
  { page: 'setup/drill/drill', title: texts.drillTitle, text: texts.drillText },
  { page: 'setup/setup', title: texts.setupTitle, text: texts.setupText },
]

const latestState = latest()

/** The demos and the tools, then where the app stands. */
Page({
  data: {
    t: texts,
    /** Placeholders reserve the lines, so that nothing moves when the server responds. */
    facts: detailRows([
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
    const isCurrent = latestState(this)
    const show = (data: Partial<typeof this.data>) => {
      if (isCurrent()) this.setData(data)
    }
    const state = currentState()
    delaySpinner(state, () => show({ connecting: true }))
    state.then(
      (lines) => show({ facts: detailRows(lines), failure: null, connecting: false }),
      (error: unknown) => show({ failure: describeFailure(error, t), connecting: false }),
    )
  },
})

function currentState(): Promise<[label: string, value: string][]> {
  const { title: signedBy } = t.sources[signingSource()]
  const permanentKey = permanentKeyInUse()
  if (permanentKey) {
    return permanentKey.signRequest({ method: 'GET', key: 'a' }).then(({ url }) => [
      [texts.storage, url.split('/')[2] ?? url],
      [texts.source, signedBy],
      [texts.server, texts.notNeeded],
    ])
  }
  const requestedAt = Date.now()
  return fetchServerConfig().then(({ localCloud, host, bucket, serverTime }) => [
    [texts.storage, `${localCloud ? texts.localCloud : texts.realCloud} · ${host}`],
    [texts.bucket, bucket],
    [texts.source, signedBy],
    [texts.clock, clockText((requestedAt + Date.now()) / 2000 - serverTime)],
  ])
}

/** The server tells whole seconds, so less than two are no difference. */
function clockText(offset: number): string {
  if (Math.abs(offset) < 2) return texts.clockExact
  const time = formatSeconds(Math.abs(offset), t)
  return fill(offset > 0 ? texts.clockAhead : texts.clockBehind, { time })
}
