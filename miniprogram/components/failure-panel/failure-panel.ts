/** A failure in words: what happened, why, what to do, and the details to pass on. */
export interface FailureView {
  title: string
  why: string
  fix: string
  facts: { label: string; value: string }[]
}

Component({
  properties: {
    failure: { type: null, value: null as FailureView | null },
  },
})
