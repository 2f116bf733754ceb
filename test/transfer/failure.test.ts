import { describe, expect, test } from '@jest/globals'
import { cosFailure } from '../../miniprogram/transfer/cos-errors'
import {
  asFailure,
  failure,
  isTransient,
  wxFailure,
  type FailureCode,
} from '../../miniprogram/transfer/failure'

describe('wxFailure', () => {
  test.each([
    ['request:fail url not in domain list', 'DOMAIN_NOT_ALLOWED'],
    ['uploadFile:fail timeout', 'TIMEOUT'],
    ['request:fail interrupted', 'INTERRUPTED'],
    ['downloadFile:fail abort', 'CANCELLED'],
    ['chooseMedia:fail cancel', 'CANCELLED'],
    ['downloadFile:fail aborted', 'NETWORK'],
    ['request:fail net::ERR_CONNECTION_REFUSED', 'NETWORK'],
    ['uploadFile:fail file not found', 'FILE_UNREADABLE'],
    ['readFile:fail no such file or directory, open', 'FILE_UNREADABLE'],
    ['open:fail permission denied', 'FILE_UNREADABLE'],
    ['read:fail bad file descriptor', 'FILE_UNREADABLE'],
    ['readFile:fail the maximum size of the file storage limit is exceeded', 'FILE_TOO_LARGE'],
    ['setStorageSync:fail exceed storage max size 10Mb', 'STORAGE_REFUSED'],
    ['chooseMedia:fail auth deny', 'WX_FAILED'],
    ['login:fail', 'WX_FAILED'],
    ['', 'WX_FAILED'],
    ['chooseMessageFile:fail privacy permission is not authorized', 'PRIVACY_REFUSED'],
  ])('%s is %s', (errMsg, code) => expect(wxFailure({ errMsg })).toMatchObject({ code, errMsg }))

  test.each([
    ['setClipboardData:fail', 112, 'PRIVACY_NOT_DECLARED'],
    ['request:fail', 600002, 'DOMAIN_NOT_ALLOWED'],
    ['request:fail', 600003, 'INTERRUPTED'],
    ['request:fail', 5, 'TIMEOUT'],
    ['request:fail', 600001, 'NETWORK'],
  ])('%s with errno %d is %s, whatever the words', (errMsg, errno, code) => {
    expect(wxFailure({ errMsg, errno }).code).toBe(code)
  })

  test('names the API, which is the name of the allowlist, and the origin to enter there', () => {
    const url = 'https://b-1.cos.ap-beijing.myqcloud.com:8443/a?q-signature=secret'
    const { api, origin, message } = wxFailure(
      { errMsg: 'uploadFile:fail url not in domain list' },
      url,
    )
    expect({ api, origin }).toEqual({
      api: 'uploadFile',
      origin: 'https://b-1.cos.ap-beijing.myqcloud.com:8443',
    })
    expect(message).not.toContain('secret')
  })
})

test('a URL that wx quotes loses its signature', () => {
  const errMsg = 'request:fail invalid url "https://a.b/c?q-signature=secret&x=1"'
  const known = wxFailure({ errMsg })
  expect(`${known.errMsg} ${known.message}`).not.toContain('secret')
  expect(known.errMsg).toContain('https://a.b/c')
})

describe('cosFailure', () => {
  const xml = (code: string, message = '') =>
    `<?xml version='1.0'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`

  test('keeps the answer to a signature that does not match, and to no other', () => {
    const body = xml('SignatureDoesNotMatch')
    const refused = (text: string) => cosFailure({ statusCode: 403, headers: {}, body: text })
    expect(refused(body).answer).toBe(body)
    expect(refused(body).message).not.toContain(body)
    expect(refused(xml('AccessDenied')).answer).toBeUndefined()
    const long = refused(body + '😀'.repeat(5_000)).answer!
    expect(long.length).toBeLessThanOrEqual(8_192)
    expect(() => encodeURIComponent(long)).not.toThrow()
    const cut = refused(`${body}x${'😀'.repeat(5_000)}`).answer!
    expect(() => encodeURIComponent(cut)).not.toThrow()
  })

  test.each([
    [403, xml('AccessDenied', 'Access Denied.'), 'ACCESS_DENIED'],
    [403, xml('AccessDenied', 'Request has expired'), 'URL_EXPIRED'],
    [403, xml('RequestTimeTooSkewed'), 'CLOCK_SKEW'],
    [403, xml('SignatureDoesNotMatch'), 'SIGNATURE_MISMATCH'],
    [403, xml('InvalidAccessKeyId'), 'INVALID_KEY_ID'],
    [400, xml('ExpiredToken'), 'CREDENTIALS_EXPIRED'],
    [400, xml('EntityTooLarge'), 'FILE_TOO_LARGE'],
    [404, xml('NoSuchKey'), 'NO_SUCH_KEY'],
    [404, xml('NoSuchBucket'), 'NO_SUCH_BUCKET'],
    [404, xml('NoSuchUpload'), 'NO_SUCH_UPLOAD'],
    [412, xml('PreconditionFailed'), 'PRECONDITION_FAILED'],
    [409, xml('FileAlreadyExists'), 'PRECONDITION_FAILED'],
    [400, xml('RequestTimeout'), 'TIMEOUT'],
    [503, xml('SlowDown'), 'COS_UNAVAILABLE'],
    [200, xml('InternalError'), 'COS_UNAVAILABLE'],
    [429, '', 'COS_UNAVAILABLE'],
    [502, '<html>Bad Gateway</html>', 'COS_UNAVAILABLE'],
    [403, '', 'ACCESS_DENIED'],
    [404, '', 'NO_SUCH_KEY'],
    [412, '', 'PRECONDITION_FAILED'],
    [404, '<html>Not Found</html>', 'UNEXPECTED_STATUS'],
    [418, '', 'UNEXPECTED_STATUS'],
    [400, xml('constructor'), 'UNEXPECTED_STATUS'],
  ])('%d %s', (statusCode, body, code) => {
    expect(cosFailure({ statusCode, headers: {}, body })).toMatchObject({ code, statusCode })
  })

  test('tells what support needs, what was denied, and the time of COS', () => {
    const headers = { 'X-Cos-Request-Id': 'Nm', Date: 'Mon, 23 Nov 2026 08:00:00 GMT' }
    const body = xml('AccessDenied', 'a &lt;b&gt; &amp; c')
    const action = 'name/cos:UploadPart'
    expect(cosFailure({ statusCode: 403, headers, body, action })).toMatchObject({
      requestId: 'Nm',
      errorCode: 'AccessDenied',
      errorMessage: 'a <b> & c',
      action,
      serverTime: Date.UTC(2026, 10, 23, 8) / 1000,
    })
  })

  test('reads the time from the body where a browser hides the header', () => {
    const body = '<Error><ServerTime>2026-11-23T08:00:00Z</ServerTime></Error>'
    expect(cosFailure({ statusCode: 403, headers: {}, body })).toMatchObject({
      serverTime: Date.UTC(2026, 10, 23, 8) / 1000,
    })
  })

  test('knows no time where COS gave none that can be read', () => {
    const told = cosFailure({ statusCode: 403, headers: { Date: 'soon' }, body: '' })
    expect(told.serverTime).toBeUndefined()
  })
})

describe('isTransient', () => {
  const codes: [FailureCode, boolean][] = [
    ['NETWORK', true],
    ['TIMEOUT', true],
    ['INTERRUPTED', true],
    ['COS_UNAVAILABLE', true],
    ['SERVER_UNREACHABLE', true],
    ['SERVER_REFUSED', false],
    ['ACCESS_DENIED', false],
    ['SIGNATURE_MISMATCH', false],
    ['CANCELLED', false],
    ['FILE_UNREADABLE', false],
    ['UNEXPECTED_STATUS', false],
    ['DOMAIN_NOT_ALLOWED', false],
    ['UNEXPECTED', false],
  ]
  test.each(codes)('%s: %s', (code, expected) => {
    expect(isTransient(failure(code))).toBe(expected)
  })

  test.each([
    [503, true],
    [429, true],
    [400, false],
  ])('our server with %d: %s', (statusCode, expected) => {
    expect(isTransient(failure('SERVER_REFUSED', { statusCode }))).toBe(expected)
  })
})

test('a fault of the program stays one', () => {
  expect(asFailure(new TypeError('boom'))).toMatchObject({
    code: 'UNEXPECTED',
    errorMessage: 'boom',
  })
})
