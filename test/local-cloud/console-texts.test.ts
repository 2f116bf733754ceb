import { describe, expect, test } from '@jest/globals'
import * as babel from '@babel/core'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const LOCAL_CLOUD = path.join(__dirname, '../../local-cloud')
const { CHINESE, ENGLISH, toChinese } = require('../../local-cloud/control/console/texts.js') as {
  CHINESE: Record<string, object>
  ENGLISH: Record<string, object>
  toChinese: (text: string) => string
}

const SENTENCE = /[a-z]+ [a-z]+ [a-z]+/i
/** What stands around a text that is only a part of what is said. */
const CONTEXTS = ['', 'statement 1 ', 'part 1 ', 'the document has ']

/** The sentences in a file, with 9 for each value in them; not those of mistakes in the program. */
function sentencesOf(file: string): string[] {
  const { types } = babel
  const sentences: string[] = []
  const textOf = (node: babel.types.Node): string | undefined => {
    if (types.isStringLiteral(node)) return node.value
    if (types.isTemplateLiteral(node)) return node.quasis.map(({ value }) => value.cooked).join('9')
    if (!types.isBinaryExpression(node, { operator: '+' })) return undefined
    const [left, right] = [textOf(node.left), textOf(node.right)]
    return left === undefined || right === undefined ? undefined : left + right
  }
  const visit = (node: babel.types.Node): void => {
    if (types.isNewExpression(node) && types.isIdentifier(node.callee, { name: 'TypeError' }))
      return
    const text = textOf(node)
    if (text !== undefined && SENTENCE.test(text)) sentences.push(text)
    for (const key of types.VISITOR_KEYS[node.type] ?? []) {
      const children = [(node as unknown as Record<string, unknown>)[key]].flat()
      // A part of a sum of texts is no sentence of its own.
      if (text !== undefined && types.isBinaryExpression(node)) continue
      for (const child of children) if (child) visit(child as babel.types.Node)
    }
  }
  const tree = babel.parseSync(readFileSync(file, 'utf8'), {
    filename: file,
    babelrc: false,
    configFile: false,
    presets: ['@babel/preset-typescript'],
  })
  if (tree) visit(tree.program)
  return sentences
}

/** Usual messages of codes are never shown; nor what is said before a request is read. */
const files = ['cos', 'sts']
  .flatMap((folder) =>
    readdirSync(path.join(LOCAL_CLOUD, folder)).map((name) => `${folder}/${name}`),
  )
  .filter((file) => file !== 'cos/errors.ts' && file !== 'cos/connections.ts')
  .concat('control/inject-faults.ts')

describe('what the local cloud says of a request is known in Chinese', () => {
  test.each(files)('%s', (file) => {
    const unknown = sentencesOf(path.join(LOCAL_CLOUD, file)).filter((sentence) =>
      CONTEXTS.every((context) => {
        const chinese = toChinese(context + sentence)
        return SENTENCE.test(chinese) || !/[\u4e00-\u9fff]/.test(chinese)
      }),
    )
    expect(unknown).toEqual([])
  })
})

test.each([
  [
    'the fault "drop-after" was ordered; the answer would have been 204',
    '这是注入的故障：响应前断开；原本的响应是 204',
  ],
  [
    'no statement allows name/cos:GetObject on qcs::cos:a/b: statement 1 has other actions: cos:PutObject; statement 2 has other resources: qcs::cos:c/*',
    '没有 statement 允许对 qcs::cos:a/b 执行 name/cos:GetObject：第 1 条 statement 的 action 不同：cos:PutObject；第 2 条 statement 的 resource 不同：qcs::cos:c/*',
  ],
  [
    'the content-type "text/plain; charset=UTF-8" was signed, the request came with "a/b; c": set it yourself, exactly as signed, or do not sign it',
    '签名用的 content-type 是 "text/plain; charset=UTF-8"，请求里是 "a/b; c"：请自行设置并与签名完全一致，或者不签它',
  ],
  ['DurationSeconds must be at most 129600.', 'DurationSeconds 最大为 129600'],
  ['Error: ENOENT: no such file', 'Error: ENOENT: no such file'],
])('%s', (english, chinese) => {
  expect(toChinese(english)).toBe(chinese)
})

test('both languages have the same texts', () => {
  expect(Object.keys(CHINESE).toSorted()).toEqual(Object.keys(ENGLISH).toSorted())
})
