/** Where a transfer stands: one word, not a heap of booleans. */
export type Phase =
  | 'empty'
  | 'ready'
  | 'signing'
  | 'transferring'
  /** It is under way, but nothing has moved for some time. */
  | 'stalled'
  | 'paused'
  | 'done'
  | 'failed'
  | 'cancelled'

const BUSY: Phase[] = ['signing', 'transferring', 'stalled', 'paused']

/** A transfer is under way, if at rest: its file and its key stay as they are. */
export function isBusy(phase: Phase): boolean {
  return BUSY.includes(phase)
}
