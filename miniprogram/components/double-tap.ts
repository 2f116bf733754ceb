/** Milliseconds: a double tap must not reach the button that takes the place of the first. */
const DOUBLE_TAP = 350

/** @param before when the tap before it took its button away, in milliseconds since 1970 */
export function isDoubleTap(before: number): boolean {
  return Date.now() - before <= DOUBLE_TAP
}
