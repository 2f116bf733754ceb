import type { FailureView } from '../../components/failure-panel/failure-panel'
import { isBusy, type Phase } from '../../components/phase'
import type { PickedFile } from '../../components/picked-file'
import { fill, formatBytes, messages } from '../../i18n/index'
import { AbortController, withChildSignal, type AbortSignal } from '../../transfer/abort'
import { isCredentialError } from '../../transfer/cos-errors'
import { asFailure } from '../../transfer/failure'
import { PAUSE } from '../../transfer/multipart-upload'
import type { Progress } from '../../transfer/progress'
import type { SignedForm, SignedRequest } from '../../transfer/signing'
import type { Uploaded } from '../../transfer/transfer'
import { type DetailRow } from '../describe'
import { bytesText, describeOutcome, describeResult, progressText } from '../describe-transfer'
import { confirm } from '../confirm'
import { askBeforeLeaving, tellLeft } from '../leaving'
import { openDownload } from '../page-query'
import { rememberUpload } from '../recent-uploads'

/** What a transfer reports to, and is aborted by. Fits into the options of each transfer. */
export interface RunOptions {
  signal: AbortSignal
  onSigned: (signed: SignedForm | SignedRequest) => void
  onProgress: (progress: Progress) => void
}

export type Transfer = (options: RunOptions) => Promise<Uploaded & { contentType?: string }>

/** Of `start`: give the transfer to `run`. */
export type StartEvent = WechatMiniprogram.CustomEvent<{ run: (transfer: Transfer) => void }>
export type PhaseEvent = WechatMiniprogram.CustomEvent<{ phase: Phase; busy: boolean }>

/** A transfer that runs, or is paused. */
interface Run {
  transfer: Transfer
  controller: AbortController
  /** Milliseconds from the first byte on, without pauses. */
  elapsed: number
  progress?: Progress
}

const t = messages()

const INITIAL_STATE = {
  percent: -1,
  status: '',
  summary: '',
  rows: [] as DetailRow[],
  failure: null as FailureView | null,
  isFinal: false,
  signed: null as SignedForm | SignedRequest | null,
}

const runs = new WeakMap<object, Run>()

/**
 * Runs a transfer and shows its progress, its result or its failure, and below it what was signed.
 *
 * Events: `start` with `{ run }`: call `run` with the transfer; `phase` with `{ phase, busy }`; `discard`
 * when a paused or failed transfer is given up.
 * Slots: `result` in the result, above its details; `notice` above the controls.
 */
Component({
  options: { multipleSlots: true },
  properties: {
    /** An uploaded object is remembered, and can be downloaded next. */
    way: { type: String, value: 'upload' as 'upload' | 'download' },
    /** What gets signed, in one sentence. Default: nothing is, and no signature is shown. */
    about: String,
    /** What is shown until the first byte leaves. */
    preparing: String,
    /** The file to transfer. Another one resets the panel. */
    file: { type: null, value: null as PickedFile | null },
    disabled: Boolean,
    /** The transfer reports no progress: the panel shows the seconds instead. */
    timed: Boolean,
    /** An abort keeps what COS has, and the same call resumes. */
    pausable: Boolean,
    /** It cannot be resumed once the page is left. */
    volatile: Boolean,
    /** A failed transfer has left something at COS. */
    discardable: Boolean,
    /** What to do when COS refuses the key or its time: each try sends the same URL. */
    refusedFix: String,
  },
  data: { ...INITIAL_STATE, t, key: '', phase: 'ready' as Phase, busy: false, path: '' },
  observers: {
    /** Runs for any change of the page, so it compares paths. */
    file(file: PickedFile | null) {
      const path = file?.path ?? ''
      if (path !== this.data.path) this.setData({ ...INITIAL_STATE, path, phase: 'ready' })
    },
  },
  lifetimes: {
    detached() {
      if (this.data.busy) tellLeft(this.isKept())
      runs.get(this)?.controller.abort(this.data.pausable ? PAUSE : undefined)
      runs.delete(this)
    },
  },
  methods: {
    start() {
      const run = (transfer: Transfer) => {
        if (isBusy(this.data.phase)) return
        this.setData(INITIAL_STATE)
        void this.run({ transfer, controller: new AbortController(), elapsed: 0 })
      }
      this.triggerEvent('start', { run })
    },

    pause() {
      const run = runs.get(this)
      if (!run) return
      run.controller.abort(PAUSE)
      const bytes = run.progress && bytesText(run.progress.loaded, run.progress.total)
      this.setData({ status: [t.transfer.paused, bytes].filter(Boolean).join(' · ') })
      this.enter('paused')
    },

    resume() {
      const run = runs.get(this)
      if (run) void this.run({ ...run, controller: new AbortController() })
    },

    /** Asks before it gives up what COS has. */
    async onCancel() {
      const isStopped = this.data.phase === 'paused' || this.data.phase === 'failed'
      if (!isStopped || (await confirm(t.confirm.discard))) this.cancel()
    },

    /** Ends the transfer, or gives up what a paused or failed one has left at COS. */
    cancel() {
      const { phase } = this.data
      if (phase !== 'paused' && phase !== 'failed') return runs.get(this)?.controller.abort()
      this.triggerEvent('discard')
      if (phase === 'paused') this.enter('cancelled')
    },

    download() {
      openDownload(this.data.key)
    },

    /** The failed transfer has been given up. */
    showDiscarded() {
      if (this.data.phase !== 'failed') return
      this.setData(INITIAL_STATE)
      this.enter('cancelled')
    },

    /** Runs a transfer until it ends, or is paused, or the panel is gone. */
    async run(run: Run) {
      const { signal } = run.controller
      const isCurrent = () => runs.get(this) === run && signal.reason !== PAUSE
      runs.set(this, run)
      this.enter('signing')
      try {
        const result = await withChildSignal(signal, (child) =>
          run.transfer(this.reports(run, child)),
        )
        if (!isCurrent()) return
        if (this.data.way === 'upload') rememberUpload(result.key)
        this.setData({ key: result.key, ...describeResult(result, run.elapsed, t) })
        this.enter('done')
      } catch (error) {
        if (!isCurrent()) return
        const { phase, failure, isFinal } = describeOutcome(error, t)
        const { refusedFix } = this.data
        if (failure && refusedFix && isCredentialError(error)) failure.fix = refusedFix
        const isSameUrl = refusedFix !== '' && asFailure(error).statusCode === 403
        this.setData({ failure, isFinal: isFinal || isSameUrl })
        this.enter(phase)
      }
    },

    /** What the transfer reports to. The signal aborts when the transfer ends. */
    reports(run: Run, signal: AbortSignal): RunOptions {
      let startedAt = 0
      let timer = 0
      const showSeconds = () => {
        const size = formatBytes(this.data.file?.size ?? 0)
        const seconds = Math.round((Date.now() - startedAt) / 1000)
        this.setData({ status: fill(t.transfer.elapsed, { size, seconds }) })
      }
      signal.addEventListener('abort', () => {
        if (startedAt) run.elapsed += Date.now() - startedAt
        clearInterval(timer)
      })
      return {
        signal,
        onSigned: (signed) => {
          if (!startedAt) {
            startedAt = Date.now()
            if (this.data.timed) {
              showSeconds()
              timer = setInterval(showSeconds, 1000)
            }
          }
          this.setData({ signed })
          this.enter('transferring')
        },
        onProgress: (progress) => {
          run.progress = progress
          this.setData({ percent: progress.percent, status: progressText(progress, t) })
          if (progress.retry > 0 || progress.stalled) this.enter('stalled')
          else if (this.data.phase !== 'signing') this.enter('transferring')
        },
      }
    },

    isKept(): boolean {
      return this.data.pausable && !this.data.volatile
    },

    enter(phase: Phase) {
      if (phase === this.data.phase) return
      const busy = isBusy(phase)
      this.setData({ phase, busy })
      askBeforeLeaving(busy && phase !== 'paused', this.isKept())
      this.triggerEvent('phase', { phase, busy })
    },
  },
})
