/** @jest-environment node */
import { describe, expect, test } from '@jest/globals'
import { diagnose, type Diagnosis } from '../../miniprogram/presign/diagnose'
import { evidenceOf, KEY, PASTES } from './corpus'

test('the corpus has at least 60 pastes', () => {
  expect(PASTES.length).toBeGreaterThanOrEqual(60)
})

describe('diagnose', () => {
  test.each(PASTES.map((paste) => [paste.name, paste] as const))('%s', (_name, paste) => {
    const { suspicions = [], never = [], ...expected } = paste.expected
    const { inspection, ...found } = diagnose(evidenceOf(paste))
    expect(summary(found)).toMatchObject(expected)
    expect(inspection?.suspicions ?? []).toEqual(expect.arrayContaining(suspicions))
    for (const name of never) expect(inspection?.suspicions).not.toContain(name)
  })

  test('a key is blamed only where nothing differs and the HttpString of the signer is known', () => {
    const blaming = PASTES.filter((paste) => diagnose(evidenceOf(paste)).verdict?.kind === 'SAME')
    expect(blaming.map(({ evidence }) => Boolean(evidence.httpString))).toEqual([true])
  })

  test.each([
    ['the only unknown is the value of a header', 'DIFFERENT'],
    ['a copy that is cut short says so', 'DIFFERENT'],
    ['nothing differs: no verdict on the key, but candidates', 'OTHER_KEY'],
  ])('a SecretKey that does not fit: %s', (name, kind) => {
    const paste = PASTES.find((one) => one.name === name)!
    const { verdict } = diagnose(evidenceOf(paste), { ...KEY, SecretKey: 'another' })
    expect(verdict!.kind).toBe(kind)
  })
})

function summary({
  pasted,
  problem,
  isSigned,
  answer,
  verdict,
  sentMethod,
}: Omit<Diagnosis, 'inspection'>) {
  const differences = verdict?.differences ?? []
  return {
    ...answer,
    kind: verdict?.kind ?? 'none',
    causes: differences.map(({ cause }) => cause),
    field: differences[0]?.field,
    candidates: verdict?.candidates,
    sentMethod,
    foreign: pasted?.foreign,
    hasProblem: problem !== undefined,
    isSigned,
  }
}
