import { describe, expect, test } from '@jest/globals'
import { contentTypeOf } from '../../miniprogram/transfer/content-type'
import { keyProblem } from '../../miniprogram/transfer/object-key'
import { partSizeFor, MAX_MULTIPART_BYTES } from '../../miniprogram/transfer/part-size'
import { timeoutFor } from '../../miniprogram/transfer/send-request'

describe('contentTypeOf', () => {
  test.each([
    ['a.PNG', 'image/png'],
    ['a.tar.zip', 'application/zip'],
    ['a', 'application/octet-stream'],
    ['a.constructor', 'application/octet-stream'],
    ['a.__proto__', 'application/octet-stream'],
  ])('%s is %s', (name, type) => expect(contentTypeOf(name)).toBe(type))

  test.each(['a.html', 'a.svg', 'a.xml'])('%s is nothing that a browser runs', (name) => {
    expect(contentTypeOf(name)).toBe('application/octet-stream')
  })
})

test('a timeout gives a slow network its time', () => {
  expect(timeoutFor(0)).toBe(60_000)
  expect(timeoutFor(64 * 1024 * 100)).toBe(160_000)
})

test.each([
  ['', 'EMPTY'],
  ['/a', 'LEADING_SLASH'],
  ['\\a', 'LEADING_SLASH'],
  ['..', 'DOT_SEGMENT'],
  ['a/./b', 'DOT_SEGMENT'],
  ['a\u001bb', 'CONTROL'],
  ['中'.repeat(284), 'TOO_LONG'],
  ['a\ud800', 'NOT_UNICODE'],
  ['照片/a b+c (1)&.png', undefined],
  ['a..b/...c', undefined],
])('the key %.12j has the problem %s', (key, problem) => expect(keyProblem(key)).toBe(problem))

describe('partSizeFor', () => {
  const MB = 1024 * 1024
  test.each([
    [0, 1],
    [1, 1],
    [200 * MB, 1],
    [200 * MB + 1, 2],
    [2048 * MB, 11],
    [3200 * MB, 16],
    [MAX_MULTIPART_BYTES, 16],
  ])('takes parts for %d bytes of %d MB', (size, expected) => {
    expect(partSizeFor(size)).toBe(expected * MB)
  })

  test('10,000 parts are enough for the largest file', () => {
    expect(MAX_MULTIPART_BYTES / partSizeFor(MAX_MULTIPART_BYTES)).toBe(10_000)
  })
})
