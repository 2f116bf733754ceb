import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkDocsCode } from '../../../scripts/check/docs-code'
import { formatProblem } from '../../../scripts/check/problem'
import { tree, type Tree } from '../tree'

const README = `# Signs
\`\`\`sh
npm ci && npm start
npm run check
\`\`\`
- a list
  \`\`\`ts
  import { sign } from '../cos/sign'

  wx.request({ url: sign('a') })
  \`\`\`
\`\`\`text
no code
\`\`\`
`

let files: Tree

beforeEach(() => {
  files = tree({
    'package.json': '{ "scripts": { "check": "tsx check.ts" } }',
    'README.md': README,
    'docs/signing.md': '```ts\nconst url = 1\n```\n\n```json\n{ "a": 1 }\n```\n',
    'miniprogram/cos/sign.ts': 'export const sign = (key: string) => key\n',
    'miniprogram/transfer/put.ts': 'export {}\n',
    'miniprogram/signing/index.ts': "export { config } from '../config'\n",
    'miniprogram/config.ts': "export const config = { serverUrl: '' }\n",
  })
})

afterEach(() => files.remove())

const check = async () => (await checkDocsCode(files.path)).map(formatProblem)

test('accepts code that compiles beside the copied folders', async () => {
  expect(await check()).toEqual([])
})

test.each([
  ['README.md', "sign('a')", 'sign(1)', 'README.md:10: Argument of type'],
  ['README.md', '{ sign }', '{ sing as sign }', 'README.md:8: '],
  ['README.md', '../cos/sign', './signing', 'README.md:8: Cannot find module'],
  ['README.md', 'npm run check', 'npm run chekc', 'README.md:4: package.json has no script chekc'],
  ['docs/signing.md', 'url = 1', '= 1', 'docs/signing.md:2: Variable declaration expected'],
  ['docs/signing.md', '1 }', '1', 'docs/signing.md:6: '],
])('names the place of a slip in %s: %j -> %j', async (file, from, to, expected) => {
  files.replace(file, from, to)
  expect((await check())[0]).toContain(expected)
})
