/**
 * Drops stale answers. Call the function that it gives with the owner (a page or a component) when
 * a request starts: `isCurrent()` is true until the same owner starts the next one.
 */
export function latest(): (owner: object) => () => boolean {
  const newest = new WeakMap<object, object>()
  return (owner) => {
    const request = {}
    newest.set(owner, request)
    return () => newest.get(owner) === request
  }
}
