import type { Target } from './target'

/** Something to try, of a real COS and a local one alike. */
export interface Step {
  name: string
  /** Rejects with what was not as expected. */
  run(target: Target): Promise<void>
}
