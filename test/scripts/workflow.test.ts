import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import manifest from '../../package.json'

/** What nobody sees by reading a pull request that changes one line of it. */

const workflow = readFileSync(join(__dirname, '../../.github/workflows/ci.yml'), 'utf8')

describe('the workflow', () => {
  test('takes actions by their commit, and says which version that is', () => {
    const uses = workflow.match(/uses: .*/g) ?? []
    expect(uses).not.toEqual([])
    for (const line of uses) expect(line).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  test('may read the repository, and nothing else', () => {
    const permissions = [...workflow.matchAll(/^( *)permissions:(.*(?:\n\1 +.*)*)/gm)]
    expect(permissions.map(([, , rights]) => rights?.trim())).toEqual(['{}', 'contents: read'])
    expect(workflow).toContain('persist-credentials: false')
    expect(workflow).not.toMatch(/pull_request_target|secrets\./)
  })

  test('begins with the oldest Node that is supported', () => {
    const [, oldest] = /node: \[(\d+),/.exec(workflow) ?? []
    expect(manifest.engines.node).toMatch(new RegExp(`^>=${oldest}\\.`))
  })
})
