/** What has to be right before a transfer can succeed, checked for real. */
import type { FailureView } from '../../components/failure-panel/failure-panel'
import { fill, formatSeconds } from '../../i18n/index'
import { setupMessages } from '../../i18n/setup/index'
import {
  serverConfig,
  serverUrl,
  signingSource,
  signRequest,
  userPrefix,
  type ServerConfig,
} from '../../signing/index'
import { asFailure } from '../../transfer/failure'
import { sendRequest } from '../../transfer/send-request'
import { signAndSend, startTask } from '../../transfer/task'
import { failureView } from '../views'
import { hostOf, originOf } from './addresses'

const messages = setupMessages()
const t = messages.setup

export interface CheckResult {
  state: 'running' | 'ok' | 'warning' | 'failed' | 'none'
  /** The result in a few words. */
  text: string
  /** What to do about it. */
  fix?: string
  failure?: FailureView
}

/** What a run has found so far. */
export interface Found {
  /** What the server in use has answered. */
  server?: ServerConfig
  /** Where signed requests go: scheme, host and port of the bucket. */
  cos?: string
}

interface Run extends Found {
  /** Key of an object that is not there: for such a one a request can be signed. */
  key?: string
  /** How far the phone is ahead of the two, in seconds. */
  aheadOfServer?: number | undefined
  aheadOfCos?: number | undefined
}

/** In the order in which they are shown. */
export const CHECKS = ['library', 'server', 'key', 'cos', 'clock', 'privacy', 'source'] as const
export type CheckName = (typeof CHECKS)[number]

const CHECK: Record<CheckName, (run: Run) => CheckResult | Promise<CheckResult>> = {
  library: checkLibrary,
  server: checkServer,
  key: checkKey,
  cos: checkCos,
  clock: checkClock,
  privacy: checkPrivacy,
  source: checkSource,
}

/** Runs all checks, and tells each result as it comes; never rejects. */
export function runChecks(
  tell: (name: CheckName, result: CheckResult, found: Found) => void,
): Promise<unknown> {
  const run: Run = {}
  const check = (name: CheckName) =>
    Promise.resolve(run)
      .then(CHECK[name])
      .catch((error: unknown) => failed(error, name === 'server' ? serverUrl() : undefined))
      .then((result) => tell(name, result, run))
  return Promise.all([
    check('library'),
    check('source'),
    check('privacy'),
    // Each needs the one before.
    check('server')
      .then(() => check('key'))
      .then(() => check('cos'))
      .then(() => check('clock')),
  ])
}

/** What came after 2.27, the oldest base library that this app works with. */
const NEWER = [
  { version: '2.32.3', lacks: 'noPrivacySetting' },
  { version: '3.0.1', lacks: 'noRestart' },
] as const

function checkLibrary(): CheckResult {
  const { library } = t
  const version = wx.getAppBaseInfo().SDKVersion
  if (rankOf(version) < rankOf('2.27.0')) {
    return { state: 'failed', text: fill(library.tooOld, { version }), fix: library.tooOldFix }
  }
  const missing = NEWER.filter((feature) => rankOf(version) < rankOf(feature.version))
  if (missing.length === 0) return ok(version)
  const fix = missing.map(({ lacks }) => library[lacks]).join('\n')
  return { state: 'warning', text: fill(library.lacks, { version }), fix }
}

/** `2.32.3` -> 2032003 */
function rankOf(version: string): number {
  return version.split('.').reduce((rank, part) => rank * 1000 + Number(part), 0)
}

function checkSource(): CheckResult {
  const source = signingSource()
  const { title: text } = messages.sources[source]
  if (source !== 'permanent-key') return ok(text)
  return { state: 'warning', text, fix: t.permanentKeyFix }
}

/** WeChat answers "no need to ask" both after an agreement and where nothing is declared. */
function checkPrivacy(): Promise<CheckResult> {
  const { privacy } = t
  return new Promise((resolve) => {
    const unknown = (text: string) => resolve({ state: 'none', text, fix: privacy.fix })
    if (!wx.getPrivacySetting) {
      return unknown(fill(privacy.missing, { version: wx.getAppBaseInfo().SDKVersion }))
    }
    wx.getPrivacySetting({
      success: ({ needAuthorization }) =>
        needAuthorization ? resolve(ok(privacy.declared)) : unknown(privacy.unclear),
      fail: ({ errMsg }) => unknown(fill(privacy.unknown, { reason: errMsg })),
    })
  })
}

function checkServer(run: Run): CheckResult | Promise<CheckResult> {
  if (signingSource() === 'permanent-key') return none(t.checks.notNeeded)
  const asked = Date.now()
  return serverConfig().then((server) => {
    run.server = server
    run.cos = `${server.protocol}//${server.host}`
    run.aheadOfServer = phoneAhead(asked, server.serverTime)
    return ok(hostOf(serverUrl()))
  })
}

function lacksServer({ server }: Run): boolean {
  return !server && signingSource() !== 'permanent-key'
}

/** Has a request signed, with a new key: one that is kept says nothing about the service. */
async function checkKey(run: Run): Promise<CheckResult> {
  if (lacksServer(run)) return none(t.checks.afterServer)
  const key = `${await userPrefix()}setup-check-${Date.now()}`
  const { url } = await signRequest({ method: 'GET', key, renew: {} })
  run.key = key
  run.cos = originOf(url)
  return ok(t.key[signingSource()])
}

/** Milliseconds for the request to COS. */
const TIMEOUT = 15_000

/** COS has accepted a signature when all that it misses is the object. */
function checkCos(run: Run): CheckResult | Promise<CheckResult> {
  const { key } = run
  if (!key) return none(lacksServer(run) ? t.checks.afterServer : t.checks.afterKey)
  let asked = 0
  const { result } = startTask((steps) =>
    signAndSend(
      steps,
      (renew) => signRequest({ method: 'GET', key, renew }),
      (signed) => {
        asked = Date.now()
        return sendRequest(steps, signed, { timeout: TIMEOUT, action: 'name/cos:GetObject' })
      },
    ),
  )
  const accepted = ok(t.checks.accepted)
  return result.then(
    () => accepted,
    (error: unknown) => {
      const { code, serverTime } = asFailure(error)
      run.aheadOfCos = phoneAhead(asked, serverTime)
      return code === 'NO_SUCH_KEY' ? accepted : failed(error)
    },
  )
}

/** Seconds by which the phone was ahead of a clock that was read between `asked` and now. */
function phoneAhead(asked: number, time: number | undefined): number | undefined {
  return time && (asked + Date.now()) / 2000 - time
}

/** Seconds from which on a difference is worth a word. */
const NOTABLE = 60
/** COS refuses signatures that are off by more. */
const REFUSED = 15 * 60

function checkClock(run: Run): CheckResult {
  const { aheadOfServer, aheadOfCos } = run
  const { clock } = t
  if (lacksServer(run)) return none(t.checks.afterServer)
  const areBothKnown = aheadOfServer !== undefined && aheadOfCos !== undefined
  const serverAhead = areBothKnown ? aheadOfCos - aheadOfServer : 0
  if (Math.abs(serverAhead) >= NOTABLE) {
    return {
      state: Math.abs(serverAhead) > REFUSED ? 'failed' : 'warning',
      text: offsetText(serverAhead, clock.serverAhead, clock.serverBehind),
      fix: clock.serverFix,
    }
  }
  const ahead = aheadOfCos ?? aheadOfServer
  if (ahead === undefined) return none(clock.unknown)
  // Both tell whole seconds, so less than two are no difference.
  if (Math.abs(ahead) < 2) return ok(clock.exact)
  const text = offsetText(ahead, clock.ahead, clock.behind)
  if (Math.abs(ahead) < NOTABLE) return ok(text)
  const fix = aheadOfServer === undefined ? clock.permanentKeyFix : clock.phoneFix
  return { state: 'warning', text, fix }
}

function offsetText(seconds: number, ahead: string, behind: string): string {
  return fill(seconds > 0 ? ahead : behind, { time: formatSeconds(Math.abs(seconds), messages) })
}

function ok(text: string): CheckResult {
  return { state: 'ok', text }
}

function none(text: string): CheckResult {
  return { state: 'none', text }
}

/** @param origin where it was sent, where the error does not tell */
function failed(error: unknown, origin?: string): CheckResult {
  const failure = failureView({ origin, ...asFailure(error) }, messages)
  return { state: 'failed', text: failure.title, failure }
}
