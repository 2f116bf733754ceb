import { presignMessages } from '../i18n/index'

/** A line on one side: what is equal, the character at which it begins to differ, and the rest. */
export interface Marked {
  prefix: string
  mark: string
  rest: string
}

export interface DiffLine {
  label: string
  same: boolean
  theirs: Marked
  ours: Marked
}

/** Two texts compared line by line. */
export interface DiffView {
  /** Where they begin to differ; empty where they do not. */
  where: string
  /** What it is due to. Certain where nothing can be `candidates`. */
  cause: string
  /** Further differences, in words. */
  others: string[]
  isCertain: boolean
  /** What else it may be, in the order of likelihood, each with the way to settle it. */
  candidates: { name: string; title: string; fix: string }[]
  lines: DiffLine[]
}

/** Shows what COS received beside what was signed, the first difference of each line marked. */
Component({
  properties: {
    diff: { type: null, value: null as DiffView | null },
  },
  data: {
    t: presignMessages().compare,
  },
})
