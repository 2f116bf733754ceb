import { describe, expect, test } from '@jest/globals'
import { XMLParser } from 'fast-xml-parser'
import { BUCKET, startCloud } from './cloud'
import { call, initiate, md5, upload, type Query } from './multipart-steps'

const parser = new XMLParser({
  parseTagValue: false,
  isArray: (name) => ['Part', 'Upload', 'CommonPrefixes'].includes(name),
})

describe('List Parts', () => {
  test('in order, in pages', async () => {
    const id = await initiate('a b', { 'x-cos-storage-class': 'STANDARD_IA' })
    await upload('a b', id, [
      [7, 'seven'],
      [2, 'two'],
      [10, 'ten'],
    ])
    const list = async (query: Query) =>
      parser.parse((await call('GET', 'a b', [['uploadId', id], ...query])).text).ListPartsResult
    const all = await list([])
    expect(all).toMatchObject({
      Bucket: BUCKET,
      Key: 'a b',
      UploadId: id,
      Initiator: { ID: '1250000000' },
      Owner: { DisplayName: '1250000000' },
      PartNumberMarker: '0',
      NextPartNumberMarker: '10',
      StorageClass: 'STANDARD_IA',
      MaxParts: '1000',
      IsTruncated: 'false',
      Part: [
        { PartNumber: '2', Size: '3', ETag: `"${md5('two')}"` },
        { PartNumber: '7' },
        { PartNumber: '10' },
      ],
    })
    const page = await list([
      ['max-parts', '2'],
      ['encoding-type', 'url'],
    ])
    expect(page).toMatchObject({
      EncodingType: 'url',
      Key: 'a%20b',
      NextPartNumberMarker: '7',
      IsTruncated: 'true',
      Part: [{ PartNumber: '2' }, { PartNumber: '7' }],
    })
    const rest = await list([['part-number-marker', '7']])
    expect(rest).toMatchObject({ IsTruncated: 'false', Part: [{ PartNumber: '10' }] })
  })
})

describe('List Multipart Uploads', () => {
  test('by key, then by age, in pages', async () => {
    const { port } = await startCloud()
    const ids: Record<string, string[]> = {}
    for (const key of ['b', 'a/1', 'a/1', 'a/2', 'c', '～', '🙂']) {
      ids[key] = [...(ids[key] ?? []), await initiate(key, {}, port)].toSorted()
    }
    const list = async (query: Query) => {
      const { text } = await call('GET', '', [['uploads', ''], ...query], { port })
      return parser.parse(text).ListMultipartUploadsResult
    }
    const all = await list([])
    expect(all.Upload.map(({ Key }: { Key: string }) => Key)).toEqual([
      'a/1',
      'a/1',
      'a/2',
      'b',
      'c',
      '～',
      '🙂',
    ])
    expect(all).toMatchObject({ Bucket: BUCKET, MaxUploads: '1000', IsTruncated: 'false' })
    expect(all.Upload[0]).toMatchObject({
      UploadId: ids['a/1']?.[0],
      Initiator: { ID: '1250000000' },
      StorageClass: 'STANDARD',
      Initiated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
    })
    expect(
      await list([
        ['prefix', 'a/'],
        ['max-uploads', '1'],
      ]),
    ).toMatchObject({
      IsTruncated: 'true',
      NextKeyMarker: 'a/1',
      NextUploadIdMarker: ids['a/1']?.[0],
    })
    const next = await list([
      ['prefix', 'a/'],
      ['key-marker', 'a/1'],
      ['upload-id-marker', ids['a/1']?.[0] ?? ''],
    ])
    expect(next.Upload.map(({ UploadId }: { UploadId: string }) => UploadId)).toEqual([
      ids['a/1']?.[1],
      ids['a/2']?.[0],
    ])
    const folders = await list([
      ['delimiter', '/'],
      ['max-uploads', '2'],
      ['encoding-type', 'url'],
    ])
    expect(folders).toMatchObject({
      CommonPrefixes: [{ Prefix: 'a/' }],
      Upload: [{ Key: 'b' }],
      NextKeyMarker: 'b',
    })
    const after = await list([
      ['delimiter', '/'],
      ['key-marker', 'a/'],
    ])
    expect(after.CommonPrefixes).toBeUndefined()
    expect(after.Upload).toHaveLength(4)
  })
})
