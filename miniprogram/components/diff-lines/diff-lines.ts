import { presignMessages } from '../../i18n/presign/index'

/** A line on one side: what is equal, the character at which it begins to differ, and the rest. */
export interface Marked {
  before: string
  mark: string
  after: string
}

export interface DiffLine {
  label: string
  same: boolean
  theirs: Marked
  ours: Marked
}

/** Two texts held against each other, line by line. */
export interface DiffView {
  /** Where they begin to differ; empty where they do not. */
  where: string
  /** Why that is, most likely. */
  cause: string
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
