/** Milliseconds: a double tap must not reach the button that replaces the tapped one. */
const DOUBLE_TAP = 350

/** @param tappedAt when the previous tap removed its button, in milliseconds since 1970 */
export function isDoubleTap(tappedAt: number): boolean {
  return Date.now() - tappedAt <= DOUBLE_TAP
}
