import { describe, expect, test } from '@jest/globals'
import { contentTypeOf } from '../../miniprogram/transfer/content-type'
import { asFailure, wxFailure } from '../../miniprogram/transfer/failure'
import { keyProblem } from '../../miniprogram/transfer/object-key'
import { createProgress } from '../../miniprogram/transfer/progress'
import { timeoutFor } from '../../miniprogram/transfer/task'

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

describe('wxFailure', () => {
  test.each([
    ['request:fail url not in domain list', 'DOMAIN_NOT_ALLOWED'],
    ['uploadFile:fail timeout', 'TIMEOUT'],
    ['request:fail interrupted', 'INTERRUPTED'],
    ['downloadFile:fail abort', 'CANCELLED'],
    ['chooseMedia:fail cancel', 'CANCELLED'],
    ['request:fail net::ERR_CONNECTION_REFUSED', 'NETWORK'],
    ['uploadFile:fail file not found', 'FILE_UNREADABLE'],
    ['readFile:fail no such file or directory, open', 'FILE_UNREADABLE'],
    ['chooseMedia:fail auth deny', 'WX_FAILED'],
    ['login:fail', 'WX_FAILED'],
    ['chooseMessageFile:fail privacy permission is not authorized', 'PRIVACY_REFUSED'],
  ])('%s is %s', (errMsg, code) => expect(wxFailure({ errMsg })).toMatchObject({ code, errMsg }))

  test('knows errno 112, whatever the words', () => {
    expect(wxFailure({ errMsg: 'setClipboardData:fail', errno: 112 }).code).toBe(
      'PRIVACY_NOT_DECLARED',
    )
  })

  test('a fault of the program stays one', () => {
    expect(asFailure(new TypeError('boom'))).toMatchObject({
      code: 'UNEXPECTED',
      errorMessage: 'boom',
    })
  })
})

describe('createProgress', () => {
  test('gives percent, a smoothed speed and the time left', () => {
    let now = 0
    const progress = createProgress(() => now)
    now = 1000
    expect(progress(1000, 10_000)).toEqual({
      loaded: 1000,
      total: 10_000,
      percent: 10,
      speed: 1000,
      secondsLeft: 9,
    })
    now = 3000
    const { speed } = progress(9000, 10_000)
    expect(speed).toBeGreaterThan(1000)
    expect(speed).toBeLessThan(4000)
  })

  test('invents no percentage for an unknown total', () => {
    let now = 0
    const progress = createProgress(() => now)
    now = 1000
    expect(progress(5000, -1)).toMatchObject({ percent: -1, secondsLeft: undefined })
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
