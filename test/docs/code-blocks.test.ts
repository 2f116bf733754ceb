import { expect, test } from '@jest/globals'
import { checkDocsCode } from '../../scripts/check/docs-code'
import { blocks, PAIRS, read, ROOT } from './documents'

test('every ts block compiles beside a copy of cos/, transfer/ and signing/', async () => {
  expect(PAIRS.flat().flatMap((document) => blocks(read(document), 'ts')).length).toBeGreaterThan(
    15,
  )
  expect(await checkDocsCode(ROOT)).toEqual([])
})
