import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'

import type { SignedForm, SignedRequest } from '../../miniprogram/cos/index'
import type { PostFormAnswer, PresignAnswer } from '../../miniprogram/signing/server-api'

const ROOT = join(__dirname, '..', '..')

test("the mini program's types are those of the schemas (npx tsx scripts/server-api-types.ts writes them)", () => {
  const script = join('scripts', 'server-api-types.ts')
  const args = ['--require', 'tsx/cjs', script, '--print']
  const types = execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
  const file = readFileSync(join(ROOT, 'miniprogram', 'signing', 'server-api.ts'), 'utf8')
  expect(file).toBe(types)
})

test('what the server signs fits the seams of the app', () => {
  const request = (answer: PresignAnswer): SignedRequest => answer
  const form = (answer: PostFormAnswer): SignedForm => answer
  const signed = { url: 'u', method: 'GET', headers: {}, expiresAt: 1, serverTime: 1 } as const
  expect(request(signed).url).toBe('u')
  expect(form({ url: 'u', fields: {}, expiresAt: 1, serverTime: 1 }).url).toBe('u')
})
