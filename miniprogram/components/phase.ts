/** Where a transfer stands: one word, not a heap of booleans. */
export type Phase =
  'empty' | 'ready' | 'signing' | 'transferring' | 'paused' | 'done' | 'failed' | 'cancelled'

/** A transfer is under way, if at rest: its file and its key stay as they are. */
export function isBusy(phase: Phase): boolean {
  return phase === 'signing' || phase === 'transferring' || phase === 'paused'
}
