export const MB = 1024 * 1024

/** Milliseconds. */
export async function time(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await run()
  return performance.now() - begin
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/**
 * The median of what each run measures. The runs take turns, and so see the machine in one state. The
 * first round is for the compiler, and does not count.
 */
export async function medians<Name extends string>(
  rounds: number,
  runs: Record<Name, (round: number) => Promise<number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(runs) as Name[]
  const measured: Record<string, number[]> = {}
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await runs[name](round)
      if (round > 0) (measured[name] ??= []).push(value)
    }
  }
  const entries = names.map((name) => [name, median(measured[name] ?? [])])
  return Object.fromEntries(entries) as Record<Name, number>
}

interface Race {
  rounds: number
  /** Gives the milliseconds of a round. */
  ours: (round: number) => Promise<number>
  theirs: (round: number) => Promise<number>
  /** What is `theirs`. */
  of: string
  /** What one round moves, in this unit. */
  amount: number
  unit: string
  /** The least share of their speed. */
  target: number
}

/** The share of their speed, and both speeds. */
export async function race({ rounds, ours, theirs, of, amount, unit, target }: Race) {
  const ms = await medians(rounds, { theirs, ours })
  const share = ms.theirs / ms.ours
  const speed = (one: number) => Number(((amount * 1000) / one).toPrecision(3))
  const speeds = `${speed(ms.ours)} of ${speed(ms.theirs)}${unit}/s`
  return `${share.toFixed(2)} of ${of} (${speeds}; target ${target}${share < target ? ', missed' : ''})`
}
