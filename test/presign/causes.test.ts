/** @jest-environment node */
import { expect, test } from '@jest/globals'
import { compareFormatString, type Cause } from '../../miniprogram/presign/compare-format-string'
import { HOST } from './corpus'

/** Each cause has a request that it explains, and one that looks alike and that it does not. */

const OURS = `put\n/照片/a b+c.jpg\na=1&b=x%2By\ncontent-type=image%2Fpng&host=${HOST}&x-cos-acl=private\n`
const change = (from: string, to: string) => OURS.replace(from, to)

interface Case {
  cause: Cause
  /** What COS received; what the near miss is due to instead. */
  theirs: string
  nearMiss: string
  instead: Cause | undefined
  unknown?: string[]
  ours?: string
}

const CASES: Case[] = [
  { cause: 'METHOD', theirs: change('put', 'get'), nearMiss: OURS, instead: undefined },
  {
    cause: 'PATH_SLASH',
    theirs: change('/照片', '照片'),
    nearMiss: change('/照片', '/照/片'),
    instead: 'PATH',
  },
  {
    cause: 'PATH_BUCKET',
    theirs: change('/照片', '/examplebucket-1250000000/照片'),
    nearMiss: change('/照片', '/backup/照片'),
    instead: 'PATH',
  },
  {
    cause: 'PATH_CUT',
    ours: change('b+c', 'b#c'),
    theirs: change('b+c.jpg', 'b'),
    nearMiss: change('b+c.jpg', 'b#'),
    instead: 'PATH',
  },
  {
    cause: 'PATH',
    theirs: change('c.jpg', 'd.jpg'),
    nearMiss: change('c.jpg', 'C.jpg'),
    instead: 'CASE',
  },
  {
    cause: 'CASE',
    theirs: change('.jpg', '.JPG'),
    nearMiss: change('.jpg', '.JPEG'),
    instead: 'PATH',
  },
  {
    cause: 'ENCODED_TWICE',
    theirs: change('x%2By', 'x%252By'),
    nearMiss: change('x%2By', 'x%25y'),
    instead: 'VALUE',
  },
  {
    cause: 'PLUS',
    theirs: change('x%2By', 'x%20y'),
    nearMiss: change('x%2By', 'xy'),
    instead: 'VALUE',
  },
  {
    cause: 'VALUE',
    theirs: change('a=1', 'a=2'),
    nearMiss: change('a=1', 'a='),
    instead: 'NOT_SENT',
  },
  {
    cause: 'NOT_SENT',
    theirs: change('x-cos-acl=private', 'x-cos-acl='),
    nearMiss: change('x-cos-acl=private', 'x-cos-acl=public-read'),
    instead: 'VALUE',
  },
  {
    cause: 'NOT_SENT',
    theirs: change('&x-cos-acl=private', ''),
    nearMiss: change('x-cos-acl=private', 'x-cos-acl=Private'),
    instead: 'CASE',
  },
  {
    cause: 'LIST',
    theirs: change('a=1&', ''),
    nearMiss: change('a=1&b=x%2By', 'b=x%2By&a=1'),
    instead: 'ORDER',
  },
  {
    cause: 'ORDER',
    theirs: change('a=1&b=x%2By', 'b=x%2By&a=1'),
    nearMiss: change('a=1&b=x%2By', 'b=x%2By&a=2'),
    instead: 'VALUE',
  },
  {
    cause: 'HOST_PORT',
    theirs: change(HOST, `${HOST}%3A8443`),
    nearMiss: change(HOST, 'cdn.example.com%3A8443'),
    instead: 'HOST',
  },
  {
    cause: 'HOST',
    theirs: change(HOST, 'cdn.example.com'),
    nearMiss: change(HOST, `${HOST}%3A80`),
    instead: 'HOST_PORT',
  },
  {
    cause: 'TYPE_EXTENDED',
    theirs: change('png', 'png%3Bcharset%3DUTF-8'),
    nearMiss: change('png', 'png2'),
    instead: 'TYPE_CHANGED',
  },
  {
    cause: 'TYPE_CHANGED',
    theirs: change('image%2Fpng', 'application%2Fjson'),
    nearMiss: change('image%2Fpng', ''),
    instead: 'NOT_SENT',
  },
  {
    cause: 'NOT_KNOWN',
    unknown: ['x-cos-acl'],
    ours: change('x-cos-acl=private', 'x-cos-acl='),
    theirs: OURS,
    nearMiss: change('x-cos-acl=private', 'x-cos-acl='),
    instead: 'NOT_SENT',
  },
  {
    cause: 'END',
    theirs: OURS.slice(0, -1),
    nearMiss: OURS,
    instead: undefined,
  },
]

test.each(CASES)('$cause, and not $instead', ({ cause, theirs, ours = OURS, unknown, ...near }) => {
  expect(compareFormatString(theirs, ours, unknown).first?.cause).toBe(cause)
  expect(compareFormatString(near.nearMiss, ours, unknown).first?.cause).toBe(near.instead)
})
