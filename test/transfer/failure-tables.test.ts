import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { cosFailure, findCosCode } from '../../miniprogram/transfer/cos-errors'
import { isTransient, wxFailure, type FailureCode } from '../../miniprogram/transfer/failure'
import manual from './sources/cos-error-codes.json'

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

const CLASSES: Record<number, FailureCode> = {
  1300022: 'INVALID_REQUEST',
  1300202: 'FILE_TOO_LARGE',
  1301006: 'INVALID_REQUEST',
  1301007: 'INVALID_REQUEST',
  1301009: 'INVALID_REQUEST',
  1302003: 'INVALID_REQUEST',
  1302005: 'INVALID_REQUEST',
  1302100: 'INVALID_REQUEST',
}

describe('the texts of WeChat', () => {
  test('the typings have the table of file errors', () => {
    expect(fileErrors().length).toBeGreaterThanOrEqual(35)
  })

  test.each(fileErrors())('readFile %d "%s"', (errno, words) => {
    const failure = wxFailure({ errMsg: `readFile:fail ${words}`, errno })
    expect(failure.code).toBe(CLASSES[errno] ?? 'FILE_UNREADABLE')
    expect(isTransient(failure)).toBe(false)
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
