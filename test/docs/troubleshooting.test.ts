import { describe, expect, test } from '@jest/globals'
import { en } from '../../miniprogram/i18n/en'
import type { Messages } from '../../miniprogram/i18n/index'
import { zhCN } from '../../miniprogram/i18n/zh-CN'
import { cosFailure } from '../../miniprogram/transfer/cos-errors'
import { wxFailure, type FailureCode } from '../../miniprogram/transfer/failure'
import { read } from './documents'

const CODES = Object.keys(zhCN.failures) as FailureCode[]
const idOf = (code: FailureCode) => code.toLowerCase().replaceAll('_', '-')

const LANGUAGES: [string, Messages, string[]][] = [
  ['docs/troubleshooting.md', en, ['You see', 'Why', 'Check', 'Fix']],
  ['docs/troubleshooting.zh-CN.md', zhCN, ['现象', '原因', '确认', '办法']],
]

/** The section of a code, without its anchor. */
function sectionOf(text: string, code: FailureCode): string {
  const [, rest = ''] = text.split(`<a id="${idOf(code)}"></a>\n`)
  return rest.split(/^<a id=|^## /m)[0]!
}

describe.each(LANGUAGES)('%s', (file, { failures }, labels) => {
  const text = read(file)

  test('has a section for every failure, and for nothing else', () => {
    const ids = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id)
    expect(ids.toSorted()).toEqual(CODES.map(idOf).toSorted())
  })

  describe.each(CODES)('%s', (code) => {
    const section = sectionOf(text, code)

    test('is called as in the app', () => {
      expect(section).toMatch(
        new RegExp(`^\\s*### ${escaped(failures[code].title)}\n\n\`${code}\`\n`),
      )
    })

    test('says what one sees, why, how to check and what to do', () => {
      const found = [...section.matchAll(/^- \*\*(.+?)\*\* \S/gm)].map(([, label]) => label)
      // A list below a label puts it at the end of its line.
      expect(section.match(/^- \*\*/gm)).toHaveLength(labels.length)
      expect(found).toEqual(labels)
    })

    test('is what the app makes of what one sees', () => {
      const [line = ''] = section.match(/^- \*\*.*$/m) ?? []
      expect(codesOf(line).filter((known) => known !== code)).toEqual([])
    })
  })
})

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  const rows = [...read(file).matchAll(/^\| (.*(?::fail|\d{3} `).*?) +\| `([A-Z_]+)` +\|/gm)]

  test.each(rows.map(([, seen = '', code = '']) => [seen, code]))('%s is %s', (seen, code) => {
    const known = codesOf(seen.replace('…:fail', 'setClipboardData:fail'))
    expect(known).toEqual([code])
  })

  test('has the frequent ones', () => expect(rows.length).toBeGreaterThan(8))
})

/** Of every errMsg and every `status code` of COS in a line: the failure that it becomes. */
function codesOf(line: string): FailureCode[] {
  const errMsgs = [...line.matchAll(/`(\w+:fail[^`…]*)`/g)].map(([, errMsg]) =>
    wxFailure({ errMsg: errMsg! }),
  )
  const answers = line.matchAll(/(\d{3}) `([A-Z][a-z]\w+)`(?:, "([^"…]+)")?/g)
  const refusals = Array.from(answers, ([, status, code, message = '']) => {
    const body = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
    return cosFailure({ statusCode: Number(status), headers: {}, body })
  })
  return [...errMsgs, ...refusals].map(({ code }) => code)
}

test('what one sees is understood', () => {
  expect(
    codesOf('`uploadFile:fail abort`, then 403 `AccessDenied`, "Request has expired"'),
  ).toEqual(['CANCELLED', 'URL_EXPIRED'])
})

function escaped(title: string): string {
  return title.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
