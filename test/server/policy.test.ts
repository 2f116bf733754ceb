import { describe, expect, test } from '@jest/globals'

import { contentTypeOf } from '../../miniprogram/transfer/content-type'
import { readConfig } from '../../server/config'
import { checkContentType } from '../../server/operation'
import { createPolicy, PURPOSES } from '../../server/policy'

const defaults = readConfig({ STS_ENDPOINT: 'http://127.0.0.1:9000' })
const bucket = {
  bucket: 'my-photos-1250000000',
  region: 'ap-beijing',
  maxUploadBytes: 1000,
  contentTypes: ['image/*', 'text/plain'],
}

const noLists = {
  effect: 'deny',
  action: ['name/cos:PutObject', 'name/cos:PostObject', 'name/cos:InitiateMultipartUpload'],
  condition: { string_like: { 'cos:content-type': ['*,*'] } },
}

describe('the policy of a temporary key', () => {
  test('for uploading: two explicit actions, one resource, size, type and ACL held', () => {
    const resource = ['qcs::cos:ap-beijing:uid/1250000000:my-photos-1250000000/users/u1/照片.png']
    const string_equal_if_exist = { 'cos:x-cos-acl': ['default', 'private'] }
    expect(JSON.parse(createPolicy(bucket, 'upload', 'users/u1/照片.png'))).toEqual({
      version: '2.0',
      statement: [
        {
          effect: 'allow',
          action: ['name/cos:PutObject'],
          resource,
          condition: {
            numeric_less_than_equal: { 'cos:content-length': 1000 },
            string_like: { 'cos:content-type': ['image/*', 'text/plain'] },
            string_equal_if_exist,
          },
        },
        {
          effect: 'allow',
          action: ['name/cos:PostObject'],
          resource,
          condition: {
            numeric_less_than_equal: { 'cos:content-length': 1000 + 65536 },
            string_like: {
              'cos:content-type': ['image/*', 'text/plain', 'multipart/form-data*'],
            },
            string_equal_if_exist,
          },
        },
        { ...noLists, resource },
      ],
    })
  })

  test('for downloading: two explicit actions below one prefix', () => {
    expect(JSON.parse(createPolicy(bucket, 'download', 'users/u1/*'))).toEqual({
      version: '2.0',
      statement: [
        {
          effect: 'allow',
          action: ['name/cos:GetObject', 'name/cos:HeadObject'],
          resource: ['qcs::cos:ap-beijing:uid/1250000000:my-photos-1250000000/users/u1/*'],
          condition: {
            string_equal_if_exist: {
              'cos:response-content-type': ['application%2Foctet-stream'],
            },
          },
        },
      ],
    })
  })

  test('for multipart uploads: five explicit actions, type, size of a part and ACL held', () => {
    const resource = ['qcs::cos:ap-beijing:uid/1250000000:my-photos-1250000000/users/u1/*']
    const string_equal_if_exist = { 'cos:x-cos-acl': ['default', 'private'] }
    expect(JSON.parse(createPolicy(bucket, 'multipart', 'users/u1/*'))).toEqual({
      version: '2.0',
      statement: [
        {
          effect: 'allow',
          action: ['name/cos:InitiateMultipartUpload'],
          resource,
          condition: {
            string_like: { 'cos:content-type': ['image/*', 'text/plain'] },
            string_equal_if_exist,
          },
        },
        {
          effect: 'allow',
          action: [
            'name/cos:ListParts',
            'name/cos:CompleteMultipartUpload',
            'name/cos:AbortMultipartUpload',
          ],
          resource,
          condition: { string_equal_if_exist },
        },
        {
          effect: 'allow',
          action: ['name/cos:UploadPart'],
          resource,
          condition: {
            numeric_less_than_equal: { 'cos:content-length': 16 * 1024 * 1024 },
            string_equal_if_exist,
          },
        },
        { ...noLists, resource },
      ],
    })
  })

  test.each(PURPOSES)('for %s is not longer than STS takes', (purpose) => {
    const prefix = `users/${'0'.repeat(32)}/`
    const length = (key: string) => createPolicy(defaults, purpose, key).length
    expect(length(prefix.padEnd(850, 'x'))).toBeLessThanOrEqual(6144)
    expect(length(`${prefix}*`)).toBeLessThan(3000)
  })

  test('is not made for a key that would make it longer', () => {
    const key = `users/${'0'.repeat(32)}/`.padEnd(850, '"')
    expect(() => createPolicy(defaults, 'multipart', key)).toThrow(
      expect.objectContaining({ statusCode: 400, code: 'INVALID_REQUEST' }),
    )
  })

  test('takes every type that the app sends, and none that runs a script', () => {
    const types = [
      'heic',
      'csv',
      'docx',
      'md',
      'mov',
      'mp3',
      'pdf',
      'png',
      'pptx',
      'xlsx',
      'zip',
      '',
    ]
    for (const extension of types) {
      expect(() => checkContentType(defaults, contentTypeOf(`a.${extension}`))).not.toThrow()
    }
    for (const type of ['text/html', 'image/svg+xml', 'application/xml', 'text/javascript']) {
      expect(() => checkContentType(defaults, type)).toThrow(/Nothing is stored as/)
    }
  })
})
