/** What has to be right before a transfer can succeed, checked for real. */
import type { FailureView } from '../../components/failure-panel/failure-panel'
import type { SignedRequest } from '../../cos/index'
import { fill, formatSeconds } from '../../i18n/index'
import type { SetupMessages } from '../../i18n/setup/index'
import {
  serverConfig,
  serverUrl,
  signingSource,
  signRequest,
  userPrefix,
  type ServerConfig,
} from '../../signing/index'
import { asFailure } from '../../transfer/failure'
import { headerOf } from '../../transfer/answer'
import { sendRequest } from '../../transfer/send-request'
import { signAndSend, startTask } from '../../transfer/task'
import { failureView } from '../views'
import { hostOf, originOf } from './addresses'

export const CHECKS = ['library', 'server', 'key', 'cos', 'clock', 'privacy', 'source'] as const
export type CheckName = (typeof CHECKS)[number]

export interface CheckResult {
  state: 'ok' | 'warning' | 'failed' | 'none'
  /** The result in a few words. */
  text: string
  /** What to do about it. */
  fix?: string
  failure?: FailureView
}

/** Where results go as they come. */
export interface Listener {
  result(name: CheckName, result: CheckResult): void
  /** The server in use has answered. */
  server(config: ServerConfig): void
  /** Where signed requests go: scheme, host and port of the bucket. */
  cos(origin: string): void
}

/** Milliseconds for one request of a check. */
const TIMEOUT = 15_000

/** Runs all checks; never rejects. */
export async function runChecks(t: SetupMessages, listener: Listener): Promise<void> {
  listener.result('library', checkLibrary(t))
  listener.result('source', checkSource(t))
  await Promise.all([
    checkPrivacy(t).then((result) => listener.result('privacy', result)),
    checkServices(t, listener),
  ])
}

/** What came after 2.27, the oldest base library that this app works with. */
const NEWER = [
  { version: '2.32.3', lacks: 'noPrivacySetting' },
  { version: '3.0.1', lacks: 'noRestart' },
] as const

function checkLibrary({ setup: { library } }: SetupMessages): CheckResult {
  const version = wx.getAppBaseInfo().SDKVersion
  if (isOlder(version, '2.27.0')) {
    return { state: 'failed', text: fill(library.tooOld, { version }), fix: library.tooOldFix }
  }
  const missing = NEWER.filter((feature) => isOlder(version, feature.version))
  if (missing.length === 0) return { state: 'ok', text: version }
  const fix = missing.map(({ lacks }) => library[lacks]).join('\n')
  return { state: 'warning', text: fill(library.lacks, { version }), fix }
}

function isOlder(version: string, other: string): boolean {
  const numbers = version.split('.').map(Number)
  const different = other.split('.').map((part, i) => (numbers[i] ?? 0) - Number(part))
  return (different.find((difference) => difference !== 0) ?? 0) < 0
}

function checkSource({ sources, setup }: SetupMessages): CheckResult {
  const source = signingSource()
  const { title: text } = sources[source]
  if (source !== 'permanent-key') return { state: 'ok', text }
  return { state: 'warning', text, fix: setup.permanentKeyFix }
}

/** WeChat answers "no need to ask" both after an agreement and where nothing is declared. */
function checkPrivacy({ setup: { privacy } }: SetupMessages): Promise<CheckResult> {
  return new Promise((resolve) => {
    const none = (text: string) => resolve({ state: 'none', text, fix: privacy.fix })
    if (!wx.getPrivacySetting) {
      const version = wx.getAppBaseInfo().SDKVersion
      return none(fill(privacy.missing, { version }))
    }
    wx.getPrivacySetting({
      success({ needAuthorization }) {
        if (needAuthorization) resolve({ state: 'ok', text: privacy.declared })
        else none(privacy.unclear)
      },
      fail: ({ errMsg }) => none(fill(privacy.unknown, { reason: errMsg })),
    })
  })
}

/** Server, key service, COS and clock: each needs the one before. */
async function checkServices(t: SetupMessages, listener: Listener): Promise<void> {
  const { checks } = t.setup
  const skip = (names: CheckName[], text: string) =>
    names.forEach((name) => listener.result(name, { state: 'none', text }))
  const offsets: Offsets = {}
  if (signingSource() === 'permanent-key') {
    skip(['server'], checks.notNeeded)
  } else {
    const server = await checkServer(t, offsets)
    listener.result('server', server.result)
    if (!server.config) return skip(['key', 'cos', 'clock'], checks.afterServer)
    listener.server(server.config)
  }
  const key = await checkKey(t)
  listener.result('key', key.result)
  if (key.request) {
    listener.cos(originOf(key.request.signed.url))
    listener.result('cos', await checkCos(t, key.request, offsets))
  } else {
    skip(['cos'], checks.afterKey)
  }
  listener.result('clock', checkClock(t, offsets))
}

/** How far the phone is ahead, in seconds. */
interface Offsets {
  ofServer?: number
  ofCos?: number
}

async function checkServer(t: SetupMessages, offsets: Offsets) {
  const asked = Date.now()
  try {
    const config = await serverConfig()
    offsets.ofServer = phoneAhead(asked, config.serverTime)
    return { config, result: { state: 'ok', text: hostOf(serverUrl()) } satisfies CheckResult }
  } catch (error) {
    return { result: failed(error, t, [{ label: t.facts.origin, value: serverUrl() }]) }
  }
}

interface Probe {
  /** An object that is not there. */
  key: string
  signed: SignedRequest
}

/** Has a request signed, with a new key: one that is kept says nothing about the service. */
async function checkKey(t: SetupMessages): Promise<{ result: CheckResult; request?: Probe }> {
  try {
    const key = `${await userPrefix()}setup-check-${Date.now()}`
    const signed = await signRequest({ method: 'GET', key, renew: {} })
    const text = {
      'temporary-key': t.setup.key.temporary,
      'server-signed': t.setup.key.signed,
      'permanent-key': t.setup.key.permanent,
    }[signingSource()]
    return { result: { state: 'ok', text }, request: { key, signed } }
  } catch (error) {
    return { result: failed(error, t) }
  }
}

/** COS has accepted a signature when all that it misses is the object. */
async function checkCos(t: SetupMessages, probe: Probe, offsets: Offsets): Promise<CheckResult> {
  let asked = 0
  const task = startTask((steps) =>
    signAndSend(
      steps,
      async (renew) =>
        renew ? signRequest({ method: 'GET', key: probe.key, renew }) : probe.signed,
      (signed) => {
        asked = Date.now()
        return sendRequest(steps, signed, { timeout: TIMEOUT, action: 'name/cos:GetObject' })
      },
    ),
  )
  const accepted: CheckResult = { state: 'ok', text: t.setup.cos.accepted }
  try {
    const { headers } = await task.result
    offsets.ofCos = phoneAhead(asked, Date.parse(headerOf(headers, 'date')) / 1000)
    return accepted
  } catch (error) {
    const { code, serverTime } = asFailure(error)
    offsets.ofCos = phoneAhead(asked, serverTime)
    return code === 'NO_SUCH_KEY' ? accepted : failed(error, t)
  }
}

/** Seconds by which the phone was ahead of a clock that was read between `asked` and now. */
function phoneAhead(asked: number, time: number | undefined): number | undefined {
  return time && (asked + Date.now()) / 2000 - time
}

/** Seconds from which on a difference is worth a word. */
const NOTABLE = 60
/** COS refuses signatures that are off by more. */
const REFUSED = 15 * 60

function checkClock(t: SetupMessages, { ofServer, ofCos }: Offsets): CheckResult {
  const { clock } = t.setup
  const serverAhead = ofServer !== undefined && ofCos !== undefined ? ofCos - ofServer : 0
  if (Math.abs(serverAhead) >= NOTABLE) {
    return {
      state: Math.abs(serverAhead) > REFUSED ? 'failed' : 'warning',
      text: offsetText(serverAhead, clock.serverAhead, clock.serverBehind, t),
      fix: clock.serverFix,
    }
  }
  const offset = ofCos ?? ofServer
  if (offset === undefined) return { state: 'none', text: clock.unknown }
  // Both tell whole seconds, so less than two are no difference.
  if (Math.abs(offset) < 2) return { state: 'ok', text: clock.exact }
  const text = offsetText(offset, clock.ahead, clock.behind, t)
  if (Math.abs(offset) < NOTABLE) return { state: 'ok', text }
  const fix = ofServer === undefined ? clock.permanentKeyFix : clock.phoneFix
  return { state: 'warning', text, fix }
}

function offsetText(seconds: number, ahead: string, behind: string, t: SetupMessages): string {
  return fill(seconds > 0 ? ahead : behind, { time: formatSeconds(Math.abs(seconds), t) })
}

function failed(error: unknown, t: SetupMessages, more: FailureView['facts'] = []): CheckResult {
  const failure = failureView(error, t)
  return {
    state: 'failed',
    text: failure.title,
    failure: { ...failure, facts: [...more, ...failure.facts] },
  }
}
