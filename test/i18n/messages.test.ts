import { describe, expect, test } from '@jest/globals'
import { en } from '../../miniprogram/i18n/en'
import { en as presignEn } from '../../miniprogram/presign/i18n/en'
import { zhCN as presignZhCN } from '../../miniprogram/presign/i18n/zh-CN'
import { en as setupEn } from '../../miniprogram/setup/i18n/en'
import { zhCN as setupZhCN } from '../../miniprogram/setup/i18n/zh-CN'
import { fill, type Messages } from '../../miniprogram/i18n/index'
import { zhCN } from '../../miniprogram/i18n/zh-CN'
import { describeFailure } from '../../miniprogram/demo/describe'
import { failure, type FailureCode } from '../../miniprogram/transfer/failure'

const LANGUAGES: [string, Messages][] = [
  ['zh-CN', zhCN],
  ['en', en],
]
const CODES = Object.keys(zhCN.failures) as FailureCode[]
const DETAILS = {
  api: 'uploadFile',
  origin: 'https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com',
  action: 'name/cos:PutObject',
  limit: 50 * 1024 * 1024,
}

/** Every text with its path: `failures.TIMEOUT.why`. */
function texts(part: object, path = ''): [path: string, text: string][] {
  return Object.entries(part).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[path + name, value] as [string, string]]
      : texts(value as object, `${path}${name}.`),
  )
}

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted()

const FILES: [string, object, object][] = [
  ['shared', zhCN, en],
  ['of presign', presignZhCN, presignEn],
  ['of setup', setupZhCN, setupEn],
]

describe.each(FILES)('messages %s', (_name, zh, english) => {
  test('have the same places to fill in both languages', () => {
    const other = new Map(texts(english))
    const chinese = texts(zh)
    expect([...other.keys()]).toEqual(chinese.map(([path]) => path))
    for (const [path, text] of chinese) {
      expect([path, places(other.get(path) ?? '')]).toEqual([path, places(text)])
    }
  })

  test('are translated', () => {
    expect(texts(english).filter(([, text]) => /[\u4e00-\u9fff，。；：]/.test(text))).toEqual([])
  })
})

test('texts keep a place that is not known', () => {
  expect(fill('{a} of {b}', { a: 1 })).toBe('1 of {b}')
})

describe.each(LANGUAGES)('failures in %s', (_language, t) => {
  test.each(CODES)('%s says what, why and what to do, with and without details', (code) => {
    for (const details of [{}, DETAILS]) {
      const { title, why, fix } = describeFailure(failure(code, details), t)
      expect(title).not.toBe('')
      expect([why, fix].includes('')).toBe(code === 'CANCELLED')
      expect(places(title + why + fix)).toEqual([])
    }
  })

  test('a file that is too large: the limit, and the way to take instead', () => {
    const { why, fix } = describeFailure(failure('FILE_TOO_LARGE', DETAILS), t)
    expect(why).toContain('50 MB')
    expect(fix).toMatch(/分块上传|multipart upload/)
    expect(fix).toMatch(/wx\.downloadFile .*200 MB/)
    expect(describeFailure(failure('FILE_TOO_LARGE'), t).why).not.toContain('50 MB')
  })

  test('a domain that is not allowed: the list, and the exact origin to enter', () => {
    const { fix, facts } = describeFailure(failure('DOMAIN_NOT_ALLOWED', DETAILS), t)
    expect(fix).toContain('uploadFile')
    expect(fix).toContain(DETAILS.origin)
    expect(facts).toContainEqual({ label: t.facts.origin, value: DETAILS.origin })
  })

  test('a domain of which only the list is known: no half a sentence', () => {
    const { fix } = describeFailure(failure('DOMAIN_NOT_ALLOWED', { api: 'request' }), t)
    expect(fix).toBe(t.failures.DOMAIN_NOT_ALLOWED.fix)
  })

  test('access that is denied: the action that a policy must allow', () => {
    const { fix } = describeFailure(failure('ACCESS_DENIED', DETAILS), t)
    expect(fix).toContain('name/cos:PutObject')
  })
})
