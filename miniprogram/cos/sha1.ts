/**
 * SHA-1 (RFC 3174) and HMAC-SHA1 (RFC 2104). Messages and keys are byte strings, one character
 * for each byte, as `utf8` makes them; digests are lower-case hex.
 *
 * SHA-1 is broken for collisions: never use it to compare files. COS signs with HMAC-SHA1, which
 * those collisions do not break (RFC 6194, section 3.3), and offers nothing newer.
 *
 * Mini programs on iOS run without a JIT, so this is written for the interpreter: a loop for each
 * kind of round, and no byte is copied on its way into the 16 words of a block.
 */

/** Initial state, RFC 3174 section 6.1. */
const INITIAL = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
const BLOCK_BYTES = 64
/** The two hex characters of each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => (byte + 256).toString(16).slice(1))

/** The state of the current digest. */
const h = new Int32Array(5)
/** Its message schedule; the first 16 words are the current block. */
const w = new Int32Array(80)

/** The SHA-1 of a message. */
export function sha1(message: string): string {
  digest(INITIAL, 0, message)
  return hex()
}

/**
 * The HMAC-SHA1 function of a key. The key is absorbed once, so one function signs many messages
 * at the cost of the messages alone.
 */
export function hmacSha1(key: string): (message: string) => string {
  if (key.length > BLOCK_BYTES) {
    digest(INITIAL, 0, key)
    loadState()
  } else {
    load(key.padEnd(BLOCK_BYTES, '\0'), 0)
  }
  const block = w.slice(0, 16)
  const inner = absorb(block, 0x36363636)
  const outer = absorb(block, 0x5c5c5c5c)
  return (message) => {
    digest(inner, BLOCK_BYTES, message)
    loadState()
    w[5] = 1 << 31
    w[15] = (BLOCK_BYTES + 20) * 8
    h.set(outer)
    compress()
    return hex()
  }
}

function absorb(key: Int32Array, pad: number): Int32Array {
  for (let t = 0; t < 16; t++) w[t] = key[t]! ^ pad
  h.set(INITIAL)
  compress()
  return h.slice()
}

/** Digests a message, padded as in RFC 3174 section 4, from a state that has absorbed `absorbed` bytes. */
function digest(from: Int32Array, absorbed: number, message: string): void {
  const { length } = message
  const bytes = message.padEnd(length + 1, '\x80').padEnd((length + 72) & -BLOCK_BYTES, '\0')
  h.set(from)
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    load(bytes, at)
    if (at + BLOCK_BYTES === bytes.length) {
      w[14] = (absorbed + length) / 0x20000000 // the length in bits, high word
      w[15] = (absorbed + length) << 3
    }
    compress()
  }
}

/** Loads a block of bytes as big-endian words. */
function load(bytes: string, at: number): void {
  for (let t = 0; t < 16; t++, at += 4) {
    w[t] =
      (bytes.charCodeAt(at) << 24) |
      (bytes.charCodeAt(at + 1) << 16) |
      (bytes.charCodeAt(at + 2) << 8) |
      bytes.charCodeAt(at + 3)
  }
}

/** Loads the state as a block, followed by zeros. */
function loadState(): void {
  w.fill(0, 5, 16)
  w.set(h)
}

/** Compresses the current block into the state: RFC 3174 section 6.1. */
function compress(): void {
  let t = 16
  for (; t < 80; t++) {
    const x = w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!
    w[t] = (x << 1) | (x >>> 31)
  }
  let a = h[0]!
  let b = h[1]!
  let c = h[2]!
  let d = h[3]!
  let e = h[4]!
  let x: number
  for (t = 0; t < 20; t++) {
    x = (((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + w[t]! + 0x5a827999) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = x
  }
  for (; t < 40; t++) {
    x = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + w[t]! + 0x6ed9eba1) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = x
  }
  for (; t < 60; t++) {
    x = (((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e + w[t]! + 0x8f1bbcdc) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = x
  }
  for (; t < 80; t++) {
    x = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + w[t]! + 0xca62c1d6) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = x
  }
  h[0]! += a
  h[1]! += b
  h[2]! += c
  h[3]! += d
  h[4]! += e
}

function hex(): string {
  let text = ''
  for (let i = 0; i < 5; i++) {
    for (let shift = 24; shift >= 0; shift -= 8) text += HEX[(h[i]! >> shift) & 255]!
  }
  return text
}
