/** Where a file of a queue stands. One that waits has been told to go; one that is ready has not. */
export type RowPhase =
  'ready' | 'waiting' | 'signing' | 'transferring' | 'done' | 'failed' | 'cancelled'

/** It holds one of the places in which uploads run. */
export function isRunning(phase: RowPhase): boolean {
  return phase === 'signing' || phase === 'transferring'
}

/** Its key stays as it is. */
export function isFixed(phase: RowPhase): boolean {
  return isRunning(phase) || phase === 'done'
}
