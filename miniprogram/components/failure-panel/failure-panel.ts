import { messages } from '../../i18n/index'

/** A failure in words: what happened, why, what to do, and the details to pass on. */
export interface FailureView {
  title: string
  why: string
  fix: string
  facts: { label: string; value: string }[]
  /** Address of the docs about it, to copy; empty where it is not known. */
  help?: string
  /** COS's error document, for the inspector: only where it says what COS has signed. */
  answer?: string | undefined
}

Component({
  properties: {
    failure: { type: null, value: null as FailureView | null },
  },
  data: {
    t: messages().inspect,
    inspectUrl: '',
    /** All that it says, as text. */
    details: '',
  },
  observers: {
    failure(failure: FailureView | null) {
      const answer = failure?.answer && encodeURIComponent(failure.answer)
      this.setData({
        inspectUrl: answer ? `/presign/presign?answer=${answer}` : '',
        details: failure ? detailsOf(failure) : '',
      })
    },
  },
})

function detailsOf({ title, facts }: FailureView): string {
  return [title, ...facts.map(({ label, value }) => `${label}: ${value}`)].join('\n')
}
