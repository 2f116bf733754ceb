/** Where a transfer stands: one word, not a heap of booleans. */
export type Phase = 'empty' | 'ready' | 'signing' | 'transferring' | 'done' | 'failed' | 'cancelled'

export function isBusy(phase: Phase): boolean {
  return phase === 'signing' || phase === 'transferring'
}
