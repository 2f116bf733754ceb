import type { FailureView } from '../../components/failure-panel/failure-panel'
import { describeFailure } from '../../demo/describe'
import type { PhaseEvent, RunOptions, StartEvent } from '../../demo/transfer-panel/transfer-panel'
import { objectKey, serverConfig, signPostForm, signRequest } from '../../signing/index'
import { downloadObject } from '../../transfer/download-object'
import { removeFile, writeFile } from '../../transfer/file'
import { multipartUpload } from '../../transfer/multipart-upload'
import { postObject } from '../../transfer/post-object'
import { putObject } from '../../transfer/put-object'
import { discardUpload, unfinishedUploads } from '../../transfer/unfinished-uploads'
import { setupMessages } from '../i18n/index'
import { injectFault, removeFault, removeOrphans, type Fault } from './fault-injection'

const messages = setupMessages()
const t = messages.drill

/** The object of the drills. */
const NAME = 'failure-drill.txt'
const TEXT = 'failure drill\n'

const localFile = () => `${wx.env.USER_DATA_PATH}/${NAME}`

interface Job extends RunOptions {
  key: string
  filePath: string
  contentType: string
}

const TRANSFERS = {
  put: (job: Job) => putObject({ ...job, signRequest }),
  post: (job: Job) => postObject({ ...job, signPostForm }),
  multipart: (job: Job) => multipartUpload({ ...job, signRequest }),
  get: (job: Job) => downloadObject({ ...job, signRequest }),
}

type Way = keyof typeof TRANSFERS

/** What a fault strikes. A form has no key in its path. */
const MATCHES: Record<Way, (key: string) => object> = {
  put: (key) => ({ method: 'PUT', path: `/${key}` }),
  post: () => ({ method: 'POST' }),
  multipart: (key) => ({ method: 'PUT', path: `/${key}` }),
  get: (key) => ({ method: 'GET', path: `/${key}` }),
}

type ChooseEvent<Value> = WechatMiniprogram.CustomEvent<{ value: Value }>

const optionsOf = (titles: Record<string, { name: string }>) =>
  Object.entries(titles).map(([value, { name: title }]) => ({ value, title }))

/** Shows how a transfer fails: the local cloud injects a fault while it runs. */
Page({
  data: {
    t,
    faults: optionsOf(t.faults),
    fault: 'expired' as Fault,
    ways: optionsOf(t.ways),
    way: 'put' as Way,
    /** Where the local cloud takes faults. */
    faultsUrl: '',
    isUnavailable: false,
    failure: null as FailureView | null,
    busy: false,
    note: '',
  },

  async onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
    try {
      const { faultsUrl = '' } = await serverConfig()
      if (faultsUrl) await removeOrphans(faultsUrl)
      this.setData({ faultsUrl, isUnavailable: !faultsUrl })
    } catch (error) {
      this.setData({ failure: describeFailure(error, messages) })
    }
  },

  /** Leaves nothing behind, neither here nor at COS. */
  onUnload() {
    removeFile(localFile())
    unfinishedUploads()
      .filter(({ key }) => key.endsWith(`/${NAME}`))
      .forEach((upload) => void discardUpload(upload, signRequest).catch(() => {}))
  },

  onFault({ detail: { value: fault } }: ChooseEvent<Fault>) {
    this.setData({ fault, note: '' })
  },

  onWay({ detail: { value: way } }: ChooseEvent<Way>) {
    this.setData({ way, note: '' })
  },

  onStart({ detail: { run } }: StartEvent) {
    const { way } = this.data
    this.setData({ note: '' })
    run(async (options) => {
      const job = {
        ...options,
        key: await objectKey(NAME),
        filePath: localFile(),
        contentType: 'text/plain',
      }
      await writeFile(job.filePath, TEXT)
      if (way === 'get') await TRANSFERS.put({ ...job, onSigned() {} })
      return this.underFault(MATCHES[way](job.key), () => TRANSFERS[way](job))
    })
  },

  /** The fault is there from the start of the work to its end, however it ends. */
  async underFault<Result>(match: object, work: () => Promise<Result>): Promise<Result> {
    const { faultsUrl, fault } = this.data
    const show = (note: string) => () => this.setData({ note })
    const id = await injectFault(faultsUrl, fault, match).catch((error: unknown) => {
      show(t.notInjected)()
      throw error
    })
    try {
      return await work()
    } finally {
      await removeFault(faultsUrl, id).then(show(t.removed), show(t.notRemoved))
    }
  },

  onPhase({ detail: { busy } }: PhaseEvent) {
    this.setData({ busy })
  },
})
