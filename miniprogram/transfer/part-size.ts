const MB = 1024 * 1024
/** COS takes parts numbered 1 to 10,000, each of at least 1 MB but for the last (436/7750). */
export const MAX_PARTS = 10_000
export const MIN_PART_SIZE = MB
/** Bytes: `parallel` parts are in memory at once. */
export const MAX_PART_SIZE = 16 * MB
/** Bytes: what 10,000 parts of 16 MB hold, 156 GB. */
export const MAX_MULTIPART_BYTES = MAX_PARTS * MAX_PART_SIZE
/** Parts aimed at: fine steps of progress, little to send again, not too many requests. */
const TARGET_PARTS = 200

/** Bytes of each part but the last: whole megabytes, 1 to 16. */
export function partSizeFor(size: number): number {
  const wanted = Math.ceil(size / TARGET_PARTS / MB) * MB
  return Math.min(MAX_PART_SIZE, Math.max(MIN_PART_SIZE, wanted))
}
