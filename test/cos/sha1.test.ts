import { createHash, createHmac, randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { base64, urlEncode, utf8 } from '../../miniprogram/cos/encode'
import { hmacSha1, sha1 } from '../../miniprogram/cos/sha1'

/** A byte string: one character for each byte. */
const byteString = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

describe('SHA-1', () => {
  // RFC 3174, section 7.3
  test.each([
    ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
    ],
    ['a'.repeat(1_000_000), '34aa973cd4c4daa4f61eeb2bdbad27316534016f'],
    ['01234567'.repeat(80), 'dea356a2cddd90c7a7ecedc5ebb563934f460452'],
    ['', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ])('RFC 3174: %.20s', (message, digest) => {
    expect(sha1(message)).toBe(digest)
  })

  test('equals node:crypto for every length around the block boundaries', () => {
    for (let length = 0; length <= 200; length++) {
      const message = randomBytes(length)
      expect(sha1(byteString(message))).toBe(createHash('sha1').update(message).digest('hex'))
    }
  })
})

describe('HMAC-SHA1', () => {
  // RFC 2202, section 3
  test.each([
    ['\x0b'.repeat(20), 'Hi There', 'b617318655057264e28bc0b6fb378c8ef146be00'],
    ['Jefe', 'what do ya want for nothing?', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    [
      '\xaa'.repeat(80),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      'aa4ae5e15272d00e95705637ce8a3b55ed402112',
    ],
    [
      '\xaa'.repeat(80),
      'Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data',
      'e8e99d0f45237d786d6bbaa7965c7808bbff1a91',
    ],
  ])('RFC 2202, case %#', (key, message, digest) => {
    expect(hmacSha1(key)(message)).toBe(digest)
  })

  test('one function signs many messages', () => {
    const key = randomBytes(40)
    const mac = hmacSha1(byteString(key))
    for (const message of ['a', 'b'.repeat(100), 'a']) {
      expect(mac(message)).toBe(createHmac('sha1', key).update(message).digest('hex'))
    }
  })
})

describe('encoding', () => {
  test.each([
    '',
    'a',
    'ab',
    'abc',
    'é',
    '中文',
    '😀',
    'a😀é中',
    '\u0000\u007f\u0080\u07ff\u0800\uffff',
  ])('UTF-8 and Base64 of %j equal those of Node', (text) => {
    expect(utf8(text, 'text')).toBe(byteString(Buffer.from(text)))
    expect(base64(utf8(text, 'text'))).toBe(Buffer.from(text).toString('base64'))
  })

  test('urlEncode leaves only A-Z a-z 0-9 - _ . ~', () => {
    expect(urlEncode("aZ09-_.~ !'()*+/:;=@[],中", 'text')).toBe(
      'aZ09-_.~%20%21%27%28%29%2A%2B%2F%3A%3B%3D%40%5B%5D%2C%E4%B8%AD',
    )
  })

  test.each(['\ud800', 'a\udc00', '\ud800a', 'a\ud83d'])(
    'refuses the lone surrogate in %j',
    (text) => {
      expect(() => utf8(text, 'text')).toThrow(TypeError)
      expect(() => urlEncode(text, 'text')).toThrow(TypeError)
    },
  )
})
