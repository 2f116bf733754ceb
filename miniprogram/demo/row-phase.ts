/** The state of a file in a queue. A waiting file starts by itself; a ready one does not. */
export type RowPhase =
  | 'ready'
  | 'waiting'
  | 'signing'
  | 'transferring'
  | 'done'
  | 'failed'
  | 'cancelled'

/** It counts among the uploads that run at once. */
export function isRunning(phase: RowPhase): boolean {
  return phase === 'signing' || phase === 'transferring'
}

/** Its key cannot be changed. */
export function isFixed(phase: RowPhase): boolean {
  return isRunning(phase) || phase === 'done'
}
