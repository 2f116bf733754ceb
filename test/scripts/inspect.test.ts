import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { en } from '../../miniprogram/presign/i18n/en'
import { zhCN } from '../../miniprogram/presign/i18n/zh-CN'
import { PASTES, type Paste } from '../presign/corpus'

const ROOT = path.join(__dirname, '../..')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'inspect-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs the command as `npm run inspect -- …args` does, but without npm. */
function inspect(args: string[], { input = '', env = {} }: { input?: string; env?: object } = {}) {
  return new Promise<{ status: number; output: string; errors: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--require', 'tsx/cjs', 'scripts/inspect.ts', ...args],
      { cwd: ROOT, env: { ...process.env, LANG: 'en_US.UTF-8', ...env } },
      (error, output, errors) => {
        resolve({ status: error ? Number(error.code) : 0, output, errors })
      },
    )
    child.stdin!.end(input)
  })
}

const paste = (name: string) => PASTES.find((one) => one.name === name)!

/** As arguments: pastes, and what is known besides. */
function argumentsOf({ evidence }: Paste): string[] {
  const { request, answer, signedMethod, signedHeaders, httpString } = evidence
  const option = (name: string, value = '') => (value ? [`--${name}`, value] : [])
  return [
    ...[request, answer].filter((text): text is string => Boolean(text)),
    ...option('signed-method', signedMethod),
    ...option('headers', signedHeaders),
    ...option('http-string', httpString),
  ]
}

describe('the same findings as in the app', () => {
  test.each<[name: string, expected: string[], never: string[]]>([
    [
      'nothing differs: no verdict on the key, but candidates',
      ['No difference found', '1. Signed for another method', '4. Another SecretKey'],
      [en.compare.kinds.SAME],
    ],
    [
      'the HttpString of the signer equals the FormatString: only now it is the key',
      [en.compare.kinds.SAME],
      ['1. '],
    ],
    [
      'signed for GET and sent with PUT, as the person says',
      ['Signed for get, sent with put'],
      ['SecretKey'],
    ],
    [
      'a signed header was not sent: FormatString shows it empty',
      ['content-disposition is signed, but was not sent'],
      ['SecretKey'],
    ],
    ['the value is typed, and differs', ['Content-Type was signed as "image/png"'], ['SecretKey']],
    ['another host', ['host differs'], ['SecretKey']],
    ['the blank line of the parameters was lost', [en.inspector.blankLineLost], ['SecretKey']],
    ['what Node prints of an object', ['No difference found', 'Request ID: N'], []],
    ['curl -v, request and response in one paste', ['for this URL with PUT'], []],
    ['a raw # in the path', [en.inspector.suspicions.RAW_HASH.title], []],
    ['a signature of Amazon S3', ['This is a signature of Amazon S3'], ['SecretKey']],
  ])('%s', async (name, expected, never) => {
    const { status, output } = await inspect(argumentsOf(paste(name)))
    expect(status).toBe(0)
    for (const text of expected) expect(output).toContain(text)
    for (const text of never) expect(output).not.toContain(text)
  })
})

test('reads files, and standard input', async () => {
  const { request = '', answer = '' } = paste('another host').evidence
  const file = path.join(folder, '403.xml')
  await writeFile(file, answer)
  const { status, output } = await inspect([file, '-'], { input: request })
  expect([status, output]).toEqual([0, expect.stringContaining('host differs')])
})

test('speaks Chinese', async () => {
  const { answer = '' } = paste('path-style, and its 403').evidence
  const byOption = await inspect(['--lang', 'zh', answer])
  expect(byOption.output).toContain('存储桶名应写在域名中')
  const byEnvironment = await inspect([answer], { env: { LANG: 'zh_CN.UTF-8' } })
  expect(byEnvironment.output).toContain(`== ${zhCN.inspector.answer} ==`)
})

test('a SecretKey from the environment proves it, and is not printed', async () => {
  const { request = '', answer = '' } = paste(
    'nothing differs: no verdict on the key, but candidates',
  ).evidence
  const { output } = await inspect([request, answer], { env: { COS_SECRET_KEY: 'not-the-key' } })
  expect(output).toContain(en.compare.kinds.OTHER_KEY)
  expect(output).not.toMatch(/not-the-key|q-signature=[\da-f]/)
})

test.each([
  [['hello'], 'No signature found'],
  [['https://a.b/c'], 'No signature found'],
  [['https://a.b/c?q-sign-algorithm=sha1&q-ak=x'], 'q-sign-time is missing'],
])('%j cannot be read', async (args, words) => {
  const { status, output } = await inspect(args)
  expect([status, output]).toEqual([2, expect.stringContaining(words)])
})

test('an option that does not exist is refused', async () => {
  const { status, errors } = await inspect(['--nonsense'])
  expect([status, errors]).toEqual([2, expect.stringContaining('--nonsense')])
})
