import type { FailureView } from '../../components/failure-panel/failure-panel'
import { latest } from '../../components/latest'
import { describeFailure } from '../../demo/describe'
import { isChinese } from '../../i18n/index'
import { signingSource } from '../../signing/index'
import { presignMessages } from '../i18n/index'
import { chineseComments, samples } from '../i18n/samples'
import { maskSigned } from '../mask'
import { PHOTO, runSample, type Outcome, type SampleName } from './run-sample'

const t = presignMessages()
const texts = t.manual

/** What came out, as it is shown. */
interface OutcomeView {
  /** URL or Authorization. */
  signed: { label: string; value: string; masked: string } | null
  /** `GET 200`; empty where nothing answered. */
  status: string
  isRefused: boolean
  filePath: string
  failure: FailureView | null
  /** What a sample says went wrong, in its own words. */
  problem: string
}

/** In the order of the manual page, with the fields of the workbench that each needs. */
const GROUPS: { title: string; samples: Partial<Record<SampleName, Record<string, string>>> }[] = [
  { title: texts.groups.signature, samples: { 'get-authorization': { expires: '60' } } },
  {
    title: texts.groups.download,
    samples: {
      'download-1-unsigned': { sign: 'false' },
      'download-2-signed': {},
      'download-3-callback': {},
      'download-4-expires': { expires: '3600' },
      'download-5-download': {},
      'download-6-query-and-headers': { query: 'imageMogr2/thumbnail/200x/=' },
    },
  },
  {
    title: texts.groups.upload,
    samples: { 'upload-1-put-object': { method: 'PUT', headers: 'Content-Type: image/jpeg' } },
  },
]

const latestRun = latest()

/** The samples of the manual page "Generating Pre-Signed URL", in its order, to run. */
Page({
  data: {
    t: texts,
    source: '',
    groups: GROUPS.map((group) => ({
      title: group.title,
      samples: (Object.keys(group.samples) as SampleName[]).map((name) => ({
        name,
        ...texts.samples[name],
        code: isChinese() ? inChinese(samples[name]) : samples[name],
        workbench: workbenchUrl(group.samples[name]!),
      })),
    })),
    /** The sample that runs. */
    running: '' as SampleName | '',
    /** By sample. */
    outcomes: {} as Partial<Record<SampleName, OutcomeView>>,
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: texts.title })
  },

  /** Again after setup, which may have changed it. */
  onShow() {
    this.setData({ source: t.sources[signingSource()].title })
  },

  onUnload() {
    latestRun(this)
  },

  async onRun({ currentTarget }: WechatMiniprogram.BaseEvent<object, { name: SampleName }>) {
    const { name } = currentTarget.dataset
    const isCurrent = latestRun(this)
    this.setData({ running: name })
    const outcome = await runSample(name).then(viewOf, refusalOf)
    if (isCurrent()) this.setData({ running: '', [`outcomes.${name}`]: outcome })
  },
})

function workbenchUrl(fields: Record<string, string>): string {
  const query = Object.entries({ key: PHOTO, tab: 'playground', ...fields })
  return `/presign/presign?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`
}

function inChinese(code: string): string {
  return chineseComments.reduce((text, [english, chinese]) => text.replace(english, chinese), code)
}

const NOTHING: OutcomeView = {
  signed: null,
  status: '',
  isRefused: false,
  filePath: '',
  failure: null,
  problem: '',
}

function viewOf({ url, authorization, filePath = '', response, status }: Outcome): OutcomeView {
  const value = url ?? authorization
  const label = url === undefined ? 'Authorization' : 'URL'
  return {
    ...NOTHING,
    signed: value === undefined ? null : { label, value, masked: maskSigned(value) },
    status: response ? `${response.method} ${response.status}` : String(status ?? ''),
    isRefused: Boolean(response?.failure),
    filePath,
    failure: response?.failure ?? null,
  }
}

function refusalOf(error: Error & { code?: string; errMsg?: string }): OutcomeView {
  if (error.code) return { ...NOTHING, failure: describeFailure(error, t) }
  // The samples that send a request themselves report its status in these words.
  const [, status] = /^COS responded with (\d+)$/.exec(error.message) ?? []
  if (status) return { ...NOTHING, status, isRefused: true }
  const problem = error.message === 'NO_KEY_HERE' ? texts.noKey : (error.errMsg ?? error.message)
  return { ...NOTHING, problem }
}
