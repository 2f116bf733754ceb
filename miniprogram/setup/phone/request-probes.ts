/** What requests, their answers and their failures look like. */
import { signRequest } from '../../signing/index'
import { throwIfAborted } from '../../transfer/abort'
import { asFailure, wxFailure, type FailureCode, type WxError } from '../../transfer/failure'
import { elementOf } from '../../transfer/response'
import { sendRequest } from '../../transfer/send-request'
import { setupMessages } from '../i18n/index'
import { APIS, KB, keyOf, send, signCall, SLOW_RATE, withStored } from './calls'
import type { Api, Call, SendOptions } from './calls'
import { couldNotRun, type Context, type Finding, type Probe } from './probe'

const t = setupMessages().phone
const { reasons } = t

export const responseProbes: Probe[] = [
  ...APIS.map((api) => ({
    name: `ETag · ${api}`,
    expected: 'ETag, x-cos-request-id',
    run: ({ signal }: Context) =>
      withStored(KB, signal, async (stored) => {
        const headers = await send(await signCall(api, stored), { signal })
        const names = Object.keys(headers)
        const nameOf = (wanted: string) => names.find((name) => name.toLowerCase() === wanted)
        return [nameOf('etag'), nameOf('x-cos-request-id')].filter(Boolean).join(', ') || t.none
      }),
  })),
  { name: 'Origin', expected: t.notSent, run: findOrigin },
]

/** A signature over a header that it does not cover is wrong: COS says what it has got (436/40105). */
async function findOrigin({ signal }: Context): Promise<string> {
  const signed = await signRequest({ method: 'GET', key: await keyOf('origin') })
  const url = signed.url.replace(/q-header-list=[^&]*/, 'q-header-list=host%3Borigin')
  const sent = sendRequest({ ...signed, url }, { action: 'name/cos:GetObject', signal })
  const refusal = await sent.then(() => undefined, asFailure)
  const format = elementOf(refusal?.answer ?? '', 'FormatString')
  if (format === undefined) throw couldNotRun(reasons.notTold)
  const origin = decodeURIComponent(/[&\n]origin=([^&\n]*)/.exec(format)?.[1] ?? '')
  if (origin.includes('servicewechat.com')) return 'servicewechat.com'
  return origin === '' ? t.notSent : t.sent
}

export const failureProbes: Probe[] = [
  failing('abort', 'CANCELLED', { onStart: (task) => setTimeout(() => task.abort(), 200) }),
  failing('timeout', 'TIMEOUT', { timeout: 500 }),
  failing('refused', 'NETWORK', { url: 'http://127.0.0.1:65535/' }), // nobody listens there
]

function failing(
  name: string,
  expected: FailureCode,
  { url, ...options }: Partial<SendOptions> & { url?: string },
): Probe {
  return slowProbe({ name, expected, seconds: 3 }, async (calls, { signal }) => {
    if (url) calls.forEach(({ option }) => (option.url = url))
    const tries = await tryAll(calls, { ...options, signal })
    if (tries.every(({ error }) => !error)) throw couldNotRun(reasons.notSlowed)
    return judge(tries, expected)
  })
}

export const concurrencyProbes: Probe[] = [
  ...APIS.map((api) => atOnce(`${api} × 12`, [api], 12)),
  atOnce('all APIs × 5', APIS, 5),
]

/** What waits for another call ends later than the first by its whole time. */
function atOnce(name: string, apis: readonly Api[], countOfEach: number): Probe {
  const seconds = 2.5
  const question = { name, expected: '≥ 10', seconds, apis, countOfEach }
  return slowProbe(question, async (calls, { signal }) => {
    const startedAt = Date.now()
    const since = () => (Date.now() - startedAt) / 1000
    const times = await Promise.all(calls.map((call) => send(call, { signal }).then(since)))
    const first = Math.min(...times)
    if (first < seconds / 2) throw couldNotRun(reasons.notSlowed)
    const count = times.filter((time) => time < first * 1.5).length
    return { found: `${count} / ${calls.length}`, passes: count >= 10 }
  })
}

export const longProbe = slowProbe(
  { name: 'more than 60 s', expected: 'ok', seconds: 66 },
  async (calls, { signal }) => {
    const tries = await tryAll(calls, { signal })
    const isEarly = tries.some(({ error, seconds }) => !error && seconds <= 60)
    if (isEarly) throw couldNotRun(reasons.notSlowed)
    const found = tries.map(({ text, seconds }) => `${text} ${seconds.toFixed(0)} s`).join('\n')
    return { found, passes: tries.every(({ error }) => !error) }
  },
)

export const interruptedProbe = slowProbe(
  { name: 'interrupted', expected: 'INTERRUPTED', seconds: 30 },
  async (calls, { signal, inBackground }) => {
    const tries = await tryAll(calls, { signal })
    if (inBackground() < 5000) throw couldNotRun(reasons.stayed)
    return judge(tries, 'INTERRUPTED')
  },
)

interface SlowQuestion {
  name: string
  expected: string
  /** That each call takes. */
  seconds: number
  apis?: readonly Api[]
  countOfEach?: number
}

/** A probe that sends slow calls. All are signed before the first of them starts. */
function slowProbe(
  { name, expected, seconds, apis = APIS, countOfEach = 1 }: SlowQuestion,
  sendAll: (calls: Call[], context: Context) => Promise<Finding>,
): Probe {
  const list = apis.flatMap((api) => Array.from({ length: countOfEach }, () => api))
  return {
    name,
    expected,
    run: (context) =>
      withStored(seconds * SLOW_RATE, context.signal, async (stored) => {
        const signing = list.map((api, id) => signCall(api, stored, { id, isSlow: true }))
        return sendAll(await Promise.all(signing), context)
      }),
  }
}

interface Try {
  error: WxError | undefined
  seconds: number
  /** `request:ok`, or errMsg and errno. */
  text: string
}

function tryAll(calls: Call[], options: SendOptions): Promise<Try[]> {
  return Promise.all(calls.map((call) => tryCall(call, options)))
}

async function tryCall(call: Call, options: SendOptions): Promise<Try> {
  const startedAt = Date.now()
  const sent = send(call, options).then(() => undefined)
  const error = await sent.catch((reason: WxError) => reason)
  throwIfAborted(options.signal)
  const seconds = (Date.now() - startedAt) / 1000
  const { errMsg = asFailure(error).message, errno = '–' } = error ?? {}
  return { error, seconds, text: error ? `${errMsg} (errno ${errno})` : `${call.api}:ok` }
}

function judge(tries: Try[], expected: FailureCode): Finding {
  const codes = tries.map(({ error }) => error && wxFailure(error).code)
  const found = tries.map(({ text }) => text).join('\n')
  if (codes.includes('DOMAIN_NOT_ALLOWED')) throw couldNotRun(found)
  return { found, passes: codes.every((code) => code === expected) }
}
