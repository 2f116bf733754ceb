import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import manifest from '../../package.json'

/** What nobody sees by reading a pull request that changes one line of it. */

const read = (name: string) =>
  readFileSync(join(__dirname, '../../.github/workflows', name), 'utf8')

describe.each([
  ['ci.yml', ['contents: read']],
  ['site.yml', ['contents: read', 'pages: write', 'id-token: write']],
])('%s', (name, rights) => {
  const workflow = read(name)

  test('takes actions by their commit, and says which version that is', () => {
    const uses = workflow.match(/uses: .*/g) ?? []
    expect(uses).not.toEqual([])
    for (const line of uses) expect(line).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  test('has the rights that it needs, and no others', () => {
    const permissions = [...workflow.matchAll(/^( *)permissions:(.*(?:\n\1 +.*)*)/gm)]
    const lines = permissions.map(([, , given]) => given!.trim().split(/\n +/))
    expect(lines).toEqual([['{}'], rights])
    expect(workflow).toContain('persist-credentials: false')
    expect(workflow).not.toMatch(/pull_request_target|secrets\./)
  })
})

describe('ci.yml', () => {
  test('begins with the oldest Node that is supported', () => {
    const [, oldest] = /node: \[(\d+),/.exec(read('ci.yml')) ?? []
    expect(manifest.engines.node).toMatch(new RegExp(`^>=${oldest}\\.`))
  })
})
