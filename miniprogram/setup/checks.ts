/** Checks what a transfer needs, by real requests. */
import type { FailureView } from '../components/failure-panel/failure-panel'
import { fill, formatSeconds } from '../i18n/index'
import { setupMessages } from './i18n/index'
import {
  serverConfig,
  serverUrl,
  signingSource,
  signRequest,
  userPrefix,
  type ServerConfig,
} from '../signing/index'
import { asFailure } from '../transfer/failure'
import { sendRequest, signAndSend } from '../transfer/send-request'
import { describeFailure } from '../demo/describe'
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
  /** The configuration that the server gave. */
  server?: ServerConfig
  /** Where signed requests go: scheme, host and port. */
  cos?: string
}

interface Run extends Found {
  /** Key of an object that does not exist. */
  key?: string
  /** Seconds by which the phone's clock is ahead. */
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

/** Runs all checks and reports each result when it is known. Never rejects. */
export function runChecks(
  report: (name: CheckName, result: CheckResult, found: Found) => void,
): Promise<unknown> {
  const run: Run = {}
  const server = serverUrl()
  const check = (name: CheckName) =>
    Promise.resolve(run)
      .then(CHECK[name])
      .catch((error: unknown) => failed(error, name === 'server' ? server : undefined))
      .then((result) => report(name, result, run))
  return Promise.all([
    check('library'),
    check('source'),
    check('privacy'),
    // Each needs the one before it.
    check('server')
      .then(() => check('key'))
      .then(() => check('cos'))
      .then(() => check('clock')),
  ])
}

/** Features newer than 2.27, the oldest supported base library. */
const NEWER = [
  { version: '2.32.3', lacks: 'noPrivacySetting' },
  { version: '3.0.1', lacks: 'noRestart' },
  { version: '3.1.2', lacks: 'noDigest' },
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

/** WeChat gives the same answer after consent and without any declaration. */
function checkPrivacy(): Promise<CheckResult> {
  const { privacy } = t
  return new Promise((resolve) => {
    const unknown = (text: string) => resolve(none(text))
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
  const requestedAt = Date.now()
  return serverConfig().then((server) => {
    run.server = server
    run.cos = `${server.protocol}//${server.host}`
    run.aheadOfServer = phoneAhead(requestedAt, server.serverTime)
    return ok(hostOf(serverUrl()))
  })
}

function lacksServer({ server }: Run): boolean {
  return !server && signingSource() !== 'permanent-key'
}

/** Signs with a fresh key: a cached one proves nothing about the service. */
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

/** A 404 for the object means that COS accepted the signature. */
function checkCos(run: Run): CheckResult | Promise<CheckResult> {
  const { key } = run
  if (!key) return none(lacksServer(run) ? t.checks.afterServer : t.checks.afterKey)
  let requestedAt = 0
  const sent = signAndSend(
    (renew) => signRequest({ method: 'GET', key, renew }),
    (signed) => {
      requestedAt = Date.now()
      return sendRequest(signed, { timeout: TIMEOUT, action: 'name/cos:GetObject' })
    },
  )
  const accepted = ok(t.checks.accepted)
  return sent.then(
    () => accepted,
    (error: unknown) => {
      const { code, serverTime } = asFailure(error)
      run.aheadOfCos = phoneAhead(requestedAt, serverTime)
      return code === 'NO_SUCH_KEY' ? accepted : failed(error)
    },
  )
}

/** Seconds by which the phone is ahead of a clock that was read between `requestedAt` and now. */
function phoneAhead(requestedAt: number, time: number | undefined): number | undefined {
  return time && (requestedAt + Date.now()) / 2000 - time
}

/** Seconds. A smaller difference is not worth a warning. */
const MIN_NOTABLE_SKEW = 60
/** Seconds. COS refuses signatures beyond it. */
const MAX_SKEW = 15 * 60

function checkClock(run: Run): CheckResult {
  const { aheadOfServer, aheadOfCos } = run
  const { clock } = t
  if (lacksServer(run)) return none(t.checks.afterServer)
  const areBothKnown = aheadOfServer !== undefined && aheadOfCos !== undefined
  const serverAhead = areBothKnown ? aheadOfCos - aheadOfServer : 0
  if (Math.abs(serverAhead) >= MIN_NOTABLE_SKEW) {
    return {
      state: Math.abs(serverAhead) > MAX_SKEW ? 'failed' : 'warning',
      text: offsetText(serverAhead, clock.serverAhead, clock.serverBehind),
      fix: clock.serverFix,
    }
  }
  const ahead = aheadOfCos ?? aheadOfServer
  if (ahead === undefined) return none(clock.unknown)
  // Both clocks are read in whole seconds.
  if (Math.abs(ahead) < 2) return ok(clock.exact)
  const text = offsetText(ahead, clock.ahead, clock.behind)
  if (Math.abs(ahead) < MIN_NOTABLE_SKEW) return ok(text)
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

/** @param origin used if the error has none */
function failed(error: unknown, origin?: string): CheckResult {
  const failure = describeFailure({ origin, ...asFailure(error) }, messages)
  return { state: 'failed', text: failure.title, failure }
}
