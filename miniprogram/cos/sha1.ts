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

/** Five words. */
type State = Int32Array

/** Initial state, RFC 3174 section 6.1. */
const INITIAL = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
const BLOCK_BYTES = 64
/** The two hex characters of each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => (byte + 256).toString(16).slice(1))

/** The message schedule of the block at hand; the block itself is in the first 16 words. */
const w = new Int32Array(80)

/** The SHA-1 of a message. */
export function sha1(message: string): string {
  return hex(digest(INITIAL.slice(), 0, message))
}

/**
 * The HMAC-SHA1 function of a key. The key is absorbed once, so that one function signs many
 * messages at the price of the messages alone.
 */
export function hmacSha1(key: string): (message: string) => string {
  const block = new Int32Array(16)
  if (key.length > BLOCK_BYTES) {
    block.set(digest(INITIAL.slice(), 0, key))
  } else {
    load(key, 0)
    block.set(w.subarray(0, 16))
  }
  const inner = absorb(block, 0x36363636)
  const outer = absorb(block, 0x5c5c5c5c)
  return (message) => {
    const within = digest(inner.slice(), BLOCK_BYTES, message)
    const state = outer.slice()
    load('', 0)
    w.set(within)
    w[5] = 1 << 31
    w[15] = (BLOCK_BYTES + 20) * 8
    compress(state)
    return hex(state)
  }
}

function absorb(key: Int32Array, pad: number): State {
  const state = INITIAL.slice()
  for (let t = 0; t < 16; t++) w[t] = key[t]! ^ pad
  compress(state)
  return state
}

/** Puts a message into a state that has seen `before` bytes: the digest. */
function digest(state: State, before: number, message: string): State {
  const length = message.length
  let at = 0
  for (; at + BLOCK_BYTES <= length; at += BLOCK_BYTES) {
    load(message, at)
    compress(state)
  }
  load(message, at)
  w[(length & 63) >> 2]! |= 0x80 << (24 - 8 * (length & 3))
  if (length - at > 55) {
    compress(state)
    load('', 0)
  }
  w[14] = (before + length) / 0x20000000 // the length in bits, high word
  w[15] = (before + length) << 3
  compress(state)
  return state
}

/** A block of bytes as big-endian words; past the end charCodeAt is NaN, which counts as 0. */
function load(bytes: string, at: number): void {
  for (let t = 0; t < 16; t++, at += 4) {
    w[t] =
      (bytes.charCodeAt(at) << 24) |
      (bytes.charCodeAt(at + 1) << 16) |
      (bytes.charCodeAt(at + 2) << 8) |
      bytes.charCodeAt(at + 3)
  }
}

/** One block, the first 16 words of `w`, into the state: RFC 3174 section 6.1. */
function compress(state: State): void {
  let t = 16
  for (; t < 80; t++) {
    const x = w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!
    w[t] = (x << 1) | (x >>> 31)
  }
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
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
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
}

function hex(state: State): string {
  let text = ''
  for (const word of state) {
    text +=
      HEX[word >>> 24]! + HEX[(word >> 16) & 255]! + HEX[(word >> 8) & 255]! + HEX[word & 255]!
  }
  return text
}
