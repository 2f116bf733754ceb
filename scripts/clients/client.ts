/** A client of COS or STS that is tried with the local cloud. */
export interface Client {
  /** As in the registry of npm. */
  name: string
  /** By the name of the call. Each rejects when its result is not what COS gives. */
  calls: Record<string, () => Promise<unknown>>
}

export const BUCKET = 'examplebucket-1250000000'
export const REGION = 'ap-beijing'
export const PERMANENT_KEY = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key' }
export const MB = 1024 * 1024

/** Rejects unless both are the same as JSON. */
export function expectEqual(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (got !== wanted) throw new Error(`got ${got}, not ${wanted}`)
}
