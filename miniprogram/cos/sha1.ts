/**
 * SHA-1 (RFC 3174) and HMAC-SHA1 (RFC 2104), bytes in, bytes out.
 *
 * SHA-1 is broken for collisions: never use it to compare files. COS signs with HMAC-SHA1, which
 * those collisions do not break (RFC 6194, section 3.3), and offers nothing newer.
 */

/** Initial state, RFC 3174 section 6.1. */
const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
const BLOCK_BYTES = 64

/** The 20-byte SHA-1 of a message. */
export function sha1(message: Uint8Array): Uint8Array {
  return finish(Int32Array.from(INITIAL), 0, message)
}

/**
 * The HMAC-SHA1 function of a key. The key is absorbed once, so one function can sign many
 * messages at the price of the messages alone.
 */
export function hmacSha1(key: Uint8Array): (message: Uint8Array) => Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES)
  block.set(key.length > BLOCK_BYTES ? sha1(key) : key)
  const inner = absorb(block.map((byte) => byte ^ 0x36))
  const outer = absorb(block.map((byte) => byte ^ 0x5c))
  return (message) =>
    finish(outer.slice(), BLOCK_BYTES, finish(inner.slice(), BLOCK_BYTES, message))
}

function absorb(block: Uint8Array): Int32Array {
  const state = Int32Array.from(INITIAL)
  compress(state, block, 0)
  return state
}

/** Absorbs the rest of a message into a state that has seen `before` bytes; the digest. */
function finish(state: Int32Array, before: number, message: Uint8Array): Uint8Array {
  const whole = message.length - (message.length % BLOCK_BYTES)
  for (let at = 0; at < whole; at += BLOCK_BYTES) compress(state, message, at)

  const rest = message.length - whole
  const tail = new Uint8Array(rest < 56 ? BLOCK_BYTES : 2 * BLOCK_BYTES)
  tail.set(message.subarray(whole))
  tail[rest] = 0x80
  const view = new DataView(tail.buffer)
  const bytes = before + message.length
  view.setUint32(tail.length - 8, Math.floor(bytes / 0x20000000)) // bits, high word
  view.setUint32(tail.length - 4, bytes << 3)
  for (let at = 0; at < tail.length; at += BLOCK_BYTES) compress(state, tail, at)

  const digest = new Uint8Array(20)
  for (let i = 0; i < 20; i++) digest[i] = state[i >> 2]! >>> (24 - 8 * (i & 3))
  return digest
}

const w = new Int32Array(80)

/** One block of 64 bytes into the state: RFC 3174 section 6.1, method 1. */
function compress(state: Int32Array, bytes: Uint8Array, at: number): void {
  for (let t = 0; t < 16; t++, at += 4) {
    w[t] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  }
  for (let t = 16; t < 80; t++) {
    const x = w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!
    w[t] = (x << 1) | (x >>> 31)
  }
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  for (let t = 0; t < 80; t++) {
    const mix =
      t < 20
        ? ((b & c) | (~b & d)) + 0x5a827999
        : t < 40
          ? (b ^ c ^ d) + 0x6ed9eba1
          : t < 60
            ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
            : (b ^ c ^ d) + 0xca62c1d6
    const next = (((a << 5) | (a >>> 27)) + mix + e + w[t]!) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  state[0] = state[0]! + a
  state[1] = state[1]! + b
  state[2] = state[2]! + c
  state[3] = state[3]! + d
  state[4] = state[4]! + e
}
