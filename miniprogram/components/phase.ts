/** The state of a transfer. */
export type Phase =
  | 'empty'
  | 'ready'
  | 'signing'
  | 'transferring'
  /** Under way, but nothing has moved for some time. */
  | 'stalled'
  | 'paused'
  | 'done'
  | 'failed'
  | 'cancelled'

const BUSY: Phase[] = ['signing', 'transferring', 'stalled', 'paused']

/** A transfer is under way, or paused: its file and its key cannot be changed. */
export function isBusy(phase: Phase): boolean {
  return BUSY.includes(phase)
}
