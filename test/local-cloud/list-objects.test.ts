import { beforeAll, describe, expect, test } from '@jest/globals'
import { XMLParser } from 'fast-xml-parser'
import { createHash } from 'node:crypto'
import { paginate } from '../../local-cloud/cos/listing'
import { compareUtf8, SortedKeys } from '../../local-cloud/store/sorted-keys'
import { RESOURCE, startCloud, type TestCloud } from './cloud'
import { presign, send } from './sign'
import { temporaryKey } from './sts-client'

let cloud: TestCloud

interface Listing {
  Name: string
  EncodingType?: string
  Prefix: string
  Marker: string
  MaxKeys: string
  Delimiter?: string
  IsTruncated: string
  NextMarker?: string
  CommonPrefixes?: { Prefix: string }[]
  Contents?: Record<string, string>[]
}

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => ['CommonPrefixes', 'Contents'].includes(name),
})

const get = (query: Record<string, string> = {}, port = cloud.port) =>
  send(port, 'GET', presign({ method: 'GET', path: '/', query: Object.entries(query) }))

async function list(query: Record<string, string> = {}, port = cloud.port): Promise<Listing> {
  const { status, text } = await get(query, port)
  expect(status).toBe(200)
  return parser.parse(text).ListBucketResult
}

const keysOf = ({ Contents = [] }: Listing) => Contents.map(({ Key }) => Key)
const prefixesOf = ({ CommonPrefixes = [] }: Listing) => CommonPrefixes.map(({ Prefix }) => Prefix)

// In the order of their UTF-8 bytes, which is not that of JavaScript: U+FF5E is before U+1F642.
const KEYS = [
  'A',
  'a',
  'a b&<c>',
  'a/1',
  'a/2',
  'a/b/3',
  'a0',
  'b/4',
  'é',
  '照片/a.png',
  '～',
  '🙂',
]

beforeAll(async () => {
  cloud = await startCloud()
  for (const key of KEYS.toReversed()) {
    const headers = key === 'A' ? { 'x-cos-storage-class': 'STANDARD_IA' } : {}
    const target = presign({ method: 'PUT', path: `/${key}` })
    await send(cloud.port, 'PUT', target, { body: key, headers })
  }
})

test('the elements of the manual, in its order', async () => {
  const { status, text, headers } = await get({ prefix: 'A' })
  expect([status, headers['content-type'], headers['x-cos-bucket-region']]).toEqual([
    200,
    'application/xml',
    'ap-beijing',
  ])
  const md5 = createHash('md5').update('A').digest('hex')
  const time = /<LastModified>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z)<\/LastModified>/.exec(
    text,
  )?.[1]
  expect(text).toBe(
    `<?xml version='1.0' encoding='utf-8' ?>
<ListBucketResult>
	<Name>examplebucket-1250000000</Name>
	<Prefix>A</Prefix>
	<Marker/>
	<MaxKeys>1000</MaxKeys>
	<IsTruncated>false</IsTruncated>
	<Contents>
		<Key>A</Key>
		<LastModified>${time}</LastModified>
		<ETag>&quot;${md5}&quot;</ETag>
		<Size>1</Size>
		<Owner>
			<ID>1250000000</ID>
			<DisplayName>1250000000</DisplayName>
		</Owner>
		<StorageClass>STANDARD_IA</StorageClass>
	</Contents>
</ListBucketResult>
`,
  )
})

describe('what is listed', () => {
  test('all keys, in the order of their UTF-8 bytes', async () => {
    expect(keysOf(await list())).toEqual(KEYS)
  })

  test('a prefix', async () => {
    expect(keysOf(await list({ prefix: 'a/' }))).toEqual(['a/1', 'a/2', 'a/b/3'])
    expect(keysOf(await list({ prefix: '没有' }))).toEqual([])
  })

  test('a delimiter rolls up', async () => {
    const root = await list({ delimiter: '/' })
    expect(prefixesOf(root)).toEqual(['a/', 'b/', '照片/'])
    expect(keysOf(root)).toEqual(KEYS.filter((key) => !key.includes('/')))
    expect(root.Delimiter).toBe('/')
    const folder = await list({ delimiter: '/', prefix: 'a/' })
    expect([prefixesOf(folder), keysOf(folder)]).toEqual([['a/b/'], ['a/1', 'a/2']])
  })

  test('a delimiter of several characters, and one that no key has', async () => {
    expect(prefixesOf(await list({ delimiter: 'b/' }))).toEqual(['a/b/', 'b/'])
    expect(keysOf(await list({ delimiter: '|' }))).toEqual(KEYS)
  })

  test('what comes after a marker, which need not be a key', async () => {
    expect(keysOf(await list({ marker: '照片/a.png' }))).toEqual(['～', '🙂'])
    expect(keysOf(await list({ marker: 'zzz' }))).toEqual(['é', '照片/a.png', '～', '🙂'])
    expect(keysOf(await list({ prefix: 'a/', marker: 'a/1' }))).toEqual(['a/2', 'a/b/3'])
    expect(keysOf(await list({ prefix: 'a/', marker: 'b' }))).toEqual([])
  })

  test('encoding-type=url', async () => {
    const listing = await list({ 'encoding-type': 'url', prefix: 'a', delimiter: '/' })
    expect(listing.EncodingType).toBe('url')
    expect(keysOf(listing)).toEqual(['a', 'a%20b%26%3Cc%3E', 'a0'])
    expect(prefixesOf(listing)).toEqual(['a/'])
    expect(keysOf(await list({ 'encoding-type': 'url', prefix: '照' }))).toEqual([
      '%E7%85%A7%E7%89%87/a.png',
    ])
  })

  test('objects that were deleted or overwritten meanwhile', async () => {
    const { port } = await startCloud()
    const change = (method: string, key: string) =>
      send(port, method, presign({ method, path: `/${key}` }))
    for (const key of ['b', 'a', 'c', 'b']) await change('PUT', key)
    await change('DELETE', 'a')
    expect(keysOf(await list({}, port))).toEqual(['b', 'c'])
  })
})

describe('pages', () => {
  const pages = async (query: Record<string, string>) => {
    const all: string[][] = []
    for (let marker: string | undefined = ''; marker !== undefined;) {
      const page: Listing = await list({ ...query, marker })
      expect(page.IsTruncated).toBe(String(page.NextMarker !== undefined))
      all.push([...prefixesOf(page), ...keysOf(page)].map(String).toSorted(compareUtf8))
      marker = page.NextMarker
    }
    return all
  }

  test.each([1, 2, 5, 12, 13])('of %d hold everything once', async (size) => {
    const all = await pages({ 'max-keys': String(size) })
    expect(all.flat()).toEqual(KEYS)
    expect(all.slice(0, -1).every((page) => page.length === size)).toBe(true)
  })

  test('common prefixes count, and come once', async () => {
    const all = await pages({ 'max-keys': '2', delimiter: '/' })
    expect(all).toEqual([
      ['A', 'a'],
      ['a b&<c>', 'a/'],
      ['a0', 'b/'],
      ['é', '照片/'],
      ['～', '🙂'],
    ])
  })

  test('none at all, and more than a thousand', async () => {
    const none = await list({ 'max-keys': '0' })
    expect([keysOf(none), none.IsTruncated]).toEqual([[], 'false'])
    expect((await list({ 'max-keys': '5000' })).MaxKeys).toBe('1000')
  })
})

test.each([
  ['max-keys', 'many'],
  ['max-keys', '-1'],
  ['encoding-type', 'base64'],
])('%s=%s is refused', async (name, value) => {
  expect(await get({ [name]: value })).toMatchObject({ status: 400, code: 'InvalidArgument' })
})

describe('with a temporary key', () => {
  const listAs = async (condition: object, query: [string, string][]) => {
    const key = await temporaryKey(cloud.port, {
      effect: 'allow',
      action: 'name/cos:GetBucket',
      resource: RESOURCE,
      condition,
    })
    const token: [string, string] = ['x-cos-security-token', key.token]
    const target = presign({ ...key, method: 'GET', path: '/', query }, [token])
    return (await send(cloud.port, 'GET', target)).status
  }

  test('cos:prefix confines a listing', async () => {
    const condition = { string_equal: { 'cos:prefix': 'a/' } }
    expect(await listAs(condition, [['prefix', 'a/']])).toBe(200)
    expect(await listAs(condition, [['prefix', 'b/']])).toBe(403)
    expect(await listAs(condition, [])).toBe(403)
  })

  test('a right to the objects is none to the list', async () => {
    const key = await temporaryKey(cloud.port, {
      effect: 'allow',
      action: 'name/cos:GetObject',
      resource: `${RESOURCE}*`,
    })
    const token: [string, string] = ['x-cos-security-token', key.token]
    const target = presign({ ...key, method: 'GET', path: '/' }, [token])
    expect(await send(cloud.port, 'GET', target)).toMatchObject({ code: 'AccessDenied' })
  })
})

test('100,000 keys: a page reads the keys that it lists and the next one; with a delimiter, all', () => {
  // Ten folders, so that a delimiter has a tenth of all keys to skip.
  const names = Array.from(
    { length: 100_000 },
    (_, i) => `folder-${i % 10}/${String(i).padStart(6, '0')}`,
  )
  const keys = new SortedKeys(names)
  const page = (marker: string, delimiter: string) => {
    let read = 0
    const entries = function* () {
      for (const key of keys.list('', marker)) {
        read++
        yield { key }
      }
    }
    return { ...paginate(entries(), { prefix: '', delimiter, marker, max: 1000 }), read }
  }
  expect(page('', '')).toMatchObject({ next: 'folder-0/009990', read: 1001 })
  expect(page('folder-5/050005', '')).toMatchObject({ read: 1001 })
  expect(page('folder-5/050005', '').entries[0]?.key).toBe('folder-5/050015')
  expect(page('', '/')).toMatchObject({ commonPrefixes: { length: 10 }, read: 100_000 })
})

describe('SortedKeys', () => {
  test('sorts as the bytes of UTF-8 do', () => {
    const texts = ['', 'a', 'aa', 'ab', '\u007f', '\u0080', '\u07ff', '\u0800', '\ud7ff', '\ue000']
    texts.push('\uffff', '\u{10000}', '\u{10ffff}', 'a\u{10000}', 'a\uffff')
    for (const a of texts) {
      for (const b of texts) {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b))
        expect(Math.sign(compareUtf8(a, b))).toBe(expected)
      }
    }
  })

  test('keeps its order through any changes', () => {
    const keys = new SortedKeys(['m', 'c'])
    for (const key of ['z', 'a', 'n', '']) keys.add(key)
    keys.remove('c')
    keys.remove('z')
    expect([...keys.list('', '')]).toEqual(['a', 'm', 'n'])
    expect([...keys.list('m', '')]).toEqual(['m'])
    expect([...keys.list('', 'm')]).toEqual(['n'])
  })
})
