/** Keys in COS's order, that of their UTF-8 bytes. */
export class SortedKeys {
  private readonly keys: string[]

  constructor(keys: Iterable<string>) {
    this.keys = [...keys].toSorted(compareUtf8)
  }

  /** Adds a key that is not there yet. */
  add(key: string): void {
    this.keys.splice(this.firstAtOrAfter(key), 0, key)
  }

  /** Removes a key that is there. */
  remove(key: string): void {
    this.keys.splice(this.firstAtOrAfter(key), 1)
  }

  /** The keys that start with `prefix` and come after `marker`. Do not change the keys while it runs. */
  *list(prefix: string, marker: string): Generator<string> {
    let i = this.firstAtOrAfter(compareUtf8(prefix, marker) > 0 ? prefix : marker)
    if (this.keys[i] === marker) i++
    for (; i < this.keys.length; i++) {
      const key = this.keys[i] ?? ''
      if (!key.startsWith(prefix)) return
      yield key
    }
  }

  private firstAtOrAfter(key: string): number {
    let [low, high] = [0, this.keys.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareUtf8(this.keys[middle] ?? '', key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Compares two texts by their UTF-8 bytes. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** UTF-16 sorts surrogates, which stand for U+10000 and above, before U+E000 to U+FFFF. UTF-8 does not. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800
  return unit >= 0xd800 ? unit + 0x2000 : unit
}
