import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { cosFailure, findCosCode } from '../../miniprogram/transfer/cos-errors'
import { isTransient, wxFailure, type FailureCode } from '../../miniprogram/transfer/failure'
import manual from './sources/cos-error-codes.json'
import wechat from './sources/wechat-errno.json'

/** Each code of COS's manual and each text of WeChat's typings has a class that was decided. */

const refused = (statusCode: number, code: string, message = '') =>
  cosFailure({
    statusCode,
    headers: {},
    body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  })

describe('the error codes of COS', () => {
  test.each(Object.entries(manual.codes))('%s is known', (code, statusCode) => {
    expect(findCosCode(`403 ${code}.`)).toBe(code)
    const failure = refused(statusCode, code)
    expect(failure).toMatchObject({ errorCode: code, statusCode })
    // Another try can only help where COS, the network or the body failed.
    const mayRetry = ['NOT_VERIFIED', 'COS_UNAVAILABLE', 'TIMEOUT'].includes(failure.code)
    expect(isTransient(failure)).toBe(mayRetry)
  })

  test('a code of other calls, or a new one, is shown as it came', () => {
    for (const code of [...manual.otherCalls, 'SomethingNew']) {
      expect(findCosCode(code)).toBeUndefined()
      const failure = refused(400, code, 'words of COS')
      expect(failure).toMatchObject({
        code: 'UNEXPECTED_STATUS',
        errorCode: code,
        errorMessage: 'words of COS',
      })
    }
  })

  test.each<[status: number, cosCode: string, code: FailureCode]>([
    [400, 'InvalidArgument', 'INVALID_REQUEST'],
    [400, 'KeyTooLong', 'INVALID_REQUEST'],
    [405, 'MethodNotAllowed', 'INVALID_REQUEST'],
    [501, 'NotImplemented', 'INVALID_REQUEST'],
    [400, 'BadDigest', 'NOT_VERIFIED'],
    [400, 'MalformedPOSTRequest', 'FORM_REFUSED'],
    [403, 'AccessForbidden', 'CORS_REFUSED'],
    [403, 'PathStyleDomainForbidden', 'PATH_STYLE_REFUSED'],
    [403, 'InvalidObjectState', 'OBJECT_STATE'],
    [409, 'PathConflict', 'OBJECT_STATE'],
    [402, 'PaymentRequired', 'ACCOUNT_BLOCKED'],
    [451, 'UnavailableForLegalReasons', 'ACCOUNT_BLOCKED'],
    [400, 'UserNetworkTooSlow', 'TIMEOUT'],
    [404, 'NoSuchVersion', 'NO_SUCH_KEY'],
    [403, 'Request has expired', 'URL_EXPIRED'],
  ])('%d %s is %s', (status, cosCode, code) => expect(refused(status, cosCode).code).toBe(code))

  test.each<[message: string, code: FailureCode]>([
    ['Access Denied.', 'ACCESS_DENIED'],
    ['Request has expired', 'URL_EXPIRED'],
    ['You are denied by bucket referer rule', 'REFERER_REFUSED'],
    ['Invalid according to Policy: Policy Condition failed: ["eq", "$key", "a"]', 'FORM_REFUSED'],
    ['AccessForbidden', 'CORS_REFUSED'],
  ])('AccessDenied "%s" is %s', (message, code) => {
    expect(refused(403, 'AccessDenied', message).code).toBe(code)
  })

  test('the resource that was refused is kept', () => {
    const body = '<Error><Code>AccessDenied</Code><Resource>/a.txt</Resource></Error>'
    expect(cosFailure({ statusCode: 403, headers: {}, body }).resource).toBe('/a.txt')
  })
})

/** The table of `FileError` in WeChat's typings. */
function fileErrors(): [errno: number, words: string][] {
  const file = path.join(
    __dirname,
    '../../node_modules/miniprogram-api-typings/types/wx/lib.wx.api.d.ts',
  )
  const typings = readFileSync(file, 'utf8')
  const [table = ''] = /interface FileError \{[^]*?errCode: number/.exec(typings) ?? []
  return [...table.matchAll(/\| (\d{7}) \| ([^|]+) \|/g)].map(([, errno, words]) => [
    Number(errno),
    words!.trim(),
  ])
}

/** By errno. What is not here is `NETWORK`; of a file, `FILE_UNREADABLE`. */
const CLASSES: Partial<Record<FailureCode, number[]>> = {
  CANCELLED: [1, 603105],
  DNS_FAILED: [602002, 602104, 602105, 602106, 602107],
  DOMAIN_NOT_ALLOWED: [600002],
  FILE_TOO_LARGE: [602300, 603301, 1300202],
  INTERRUPTED: [600003],
  INVALID_REQUEST: [
    101, 1001, 600005, 600009, 600010, 600011, 602101, 602102, 602103, 602108, 602302, 603103,
    603104, 603303, 1300022, 1301006, 1301007, 1301009, 1302003, 1302005, 1302100,
  ],
  PRIVACY_REFUSED: [104],
  TIMEOUT: [5],
  WX_FAILED: [3, 4, 100, 102, 103, 106, 109, 110, 111, 600007, 603101, 603102, 603300, 603302],
}

/** What stays: nothing more is known than that the network failed. */
const NETWORK = [108, 600000, 600001, 600004, 600006, 600008, 602000, 602001, 602301]

const classOf = (errno: number, otherwise: FailureCode) =>
  (Object.keys(CLASSES) as FailureCode[]).find((code) => CLASSES[code]!.includes(errno)) ??
  otherwise

const errnos = (table: Record<string, string>) =>
  Object.entries(table).map(([errno, words]) => [Number(errno), words] as const)

describe('the texts of WeChat', () => {
  test('the typings have the table of file errors', () => {
    expect(fileErrors().length).toBeGreaterThanOrEqual(35)
  })

  const inTypings = new Set(fileErrors().map(String))
  const onPage = errnos(wechat.file).filter((one) => !inTypings.has(String(one)))

  test.each([...fileErrors(), ...onPage])('readFile %d "%s"', (errno, words) => {
    const failure = wxFailure({ errMsg: `readFile:fail ${words}`, errno })
    expect(failure.code).toBe(classOf(errno, 'FILE_UNREADABLE'))
    expect(isTransient(failure)).toBe(false)
  })

  test.each([
    ...errnos(wechat.general).map((one) => ['request', ...one] as const),
    ...errnos(wechat.network).map((one) => ['request', ...one] as const),
    ...errnos(wechat.download).map((one) => ['downloadFile', ...one] as const),
  ])('%s %d "%s", with its errno and without', (api, errno, words) => {
    const code = classOf(errno, 'NETWORK')
    expect(code === 'NETWORK').toBe(NETWORK.includes(errno))
    expect(wxFailure({ errMsg: `${api}:fail ${words}`, errno }).code).toBe(code)
    const old = wxFailure({ errMsg: `${api}:fail ${words}` })
    // Words of WeChat's table; on a phone, PRIVACY_REFUSED has words of its own.
    expect(old.code).toBe(errno === 104 ? 'WX_FAILED' : code)
  })

  test.each([...errnos(wechat.general), ...errnos(wechat.server)])(
    'login %d "%s"',
    (errno, words) => {
      const code = errno === 108 ? 'NETWORK' : classOf(errno, 'WX_FAILED')
      expect(wxFailure({ errMsg: `login:fail ${words}`, errno }).code).toBe(code)
    },
  )

  test('the words of Chromium count where errno only says that it failed', () => {
    const errMsg = 'request:fail errcode:-201 error_msg:net::ERR_CERT_DATE_INVALID'
    expect(wxFailure({ errMsg, errno: 600001 }).code).toBe('TLS_FAILED')
  })

  test.each<[errMsg: string, code: FailureCode]>([
    ['downloadFile:fail exceed max file size', 'FILE_TOO_LARGE'],
    ['readFileSync:fail exceed max file size', 'FILE_TOO_LARGE'],
    [
      'request:fail parameter error: parameter.url should be String instead of Undefined',
      'INVALID_REQUEST',
    ],
    [
      'uploadFile:fail parameter error: parameter.filePath should be String instead of Null;',
      'INVALID_REQUEST',
    ],
    ['request:fail invalid url', 'INVALID_REQUEST'],
    ['downloadFile:fail invalid url "null"', 'INVALID_REQUEST'],
    ['request:fail createRequestTask:fail url not valid', 'INVALID_REQUEST'],
    ['request:fail unsupported protocol', 'INVALID_REQUEST'],
    ['request:fail -301:net::ERR_UNKNOWN_URL_SCHEME', 'INVALID_REQUEST'],
    ['request:fail -202:net::ERR_CERT_AUTHORITY_INVALID', 'TLS_FAILED'],
    [
      'request:fail errcode:-201 cronet_error_code:-201 error_msg:net::ERR_CERT_DATE_INVALID',
      'TLS_FAILED',
    ],
    ['request:fail -107:net::ERR_SSL_PROTOCOL_ERROR', 'TLS_FAILED'],
    ['request:fail ssl hand shake error', 'TLS_FAILED'],
    ['uploadFile:fail 发生了SSL错误，无法建立与该服务器的安全连接。', 'TLS_FAILED'],
    ['uploadFile:fail The certificate for this server is invalid.', 'TLS_FAILED'],
    ['request:fail -105:net::ERR_NAME_NOT_RESOLVED', 'DNS_FAILED'],
    [
      'uploadFile:fail Unable to resolve host "a.b": No address associated with hostname',
      'DNS_FAILED',
    ],
    ['uploadFile:fail 未能找到使用指定主机名的服务器。', 'DNS_FAILED'],
    ['uploadFile:fail A server with the specified hostname could not be found.', 'DNS_FAILED'],
    ['uploadFile:fail 请求超时。', 'TIMEOUT'],
    ['uploadFile:fail upload fail:-7:net::ERR_TIMED_OUT', 'TIMEOUT'],
    ['request:fail -118:net::ERR_CONNECTION_TIMED_OUT', 'TIMEOUT'],
    ['request:fail timeout', 'TIMEOUT'],
    ['uploadFile:fail fail:network interrupted error', 'INTERRUPTED'],
    ['request:fail -102:net::ERR_CONNECTION_REFUSED', 'NETWORK'],
    ['uploadFile:fail upload fail:-103:net::ERR_CONNECTION_ABORTED', 'NETWORK'],
    ['request:fail -106:net::ERR_INTERNET_DISCONNECTED', 'NETWORK'],
    ['request:fail -101:net::ERR_CONNECTION_RESET', 'NETWORK'],
    ['request:fail 似乎已断开与互联网的连接。', 'NETWORK'],
    ['downloadFile:fail aborted', 'NETWORK'],
    ['request:fail', 'NETWORK'],
    ['uploadFile:fail file not found', 'FILE_UNREADABLE'],
    ['request:fail url not in domain list', 'DOMAIN_NOT_ALLOWED'],
  ])('%s is %s', (errMsg, code) => {
    const failure = wxFailure({ errMsg })
    expect(failure.code).toBe(code)
    const isMistake = [
      'DOMAIN_NOT_ALLOWED',
      'FILE_TOO_LARGE',
      'FILE_UNREADABLE',
      'INVALID_REQUEST',
      'TLS_FAILED',
    ]
    expect(isTransient(failure)).toBe(!isMistake.includes(code))
  })
})
