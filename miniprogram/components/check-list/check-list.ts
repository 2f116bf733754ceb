import { fill } from '../../i18n/index'
import { setupMessages } from '../../i18n/setup/index'
import type { FailureView } from '../failure-panel/failure-panel'

/** A line of the list. */
export interface Check {
  name: string
  state: 'running' | 'ok' | 'warning' | 'failed' | 'none'
  /** The result in a few words. */
  text: string
  /** What to do about it. */
  fix?: string
  failure?: FailureView
}

const t = setupMessages().setup.checks

/**
 * Checks and their results. What to do about a result stands below all lines, so that none moves
 * when it comes.
 */
Component({
  properties: {
    checks: { type: Array, value: [] as Check[] },
    /** Some are under way, and have been for a while. */
    checking: Boolean,
  },
  data: {
    t,
    marks: { running: '…', ok: '✓', warning: '!', failed: '✗', none: '–' },
    summary: '',
    /** Those with something to do about. */
    remarks: [] as Check[],
  },
  observers: {
    'checks, checking'(checks: Check[], checking: boolean) {
      const running = checking || checks.some(({ state }) => state === 'running')
      this.setData({
        summary: running ? t.checking : summaryOf(checks),
        remarks: checks.filter(({ fix, failure }) => fix || failure),
      })
    },
  },
  methods: {
    again() {
      this.triggerEvent('again')
    },
  },
})

function summaryOf(checks: Check[]): string {
  const count = (of: Check['state']) => checks.filter(({ state }) => state === of).length
  if (count('failed') > 0) return fill(t.failed, { count: count('failed') })
  if (count('warning') > 0) return fill(t.warnings, { count: count('warning') })
  return t.allFine
}
