import { describe, expect, test } from '@jest/globals'

import { createPolicy, PURPOSES } from '../../server/policy'

const bucket = { bucket: 'my-photos-1250000000', region: 'ap-beijing', maxUploadBytes: 1000 }

describe('the policy of a temporary key', () => {
  test('for uploading: two explicit actions, one resource, size and ACL held', () => {
    const resource = ['qcs::cos:ap-beijing:uid/1250000000:my-photos-1250000000/users/u1/照片.png']
    const string_equal_if_exist = { 'cos:x-cos-acl': ['default', 'private'] }
    expect(createPolicy(bucket, 'upload', 'users/u1/照片.png')).toEqual({
      version: '2.0',
      statement: [
        {
          effect: 'allow',
          action: ['name/cos:PutObject'],
          resource,
          condition: {
            numeric_less_than_equal: { 'cos:content-length': 1000 },
            string_equal_if_exist,
          },
        },
        {
          effect: 'allow',
          action: ['name/cos:PostObject'],
          resource,
          condition: {
            numeric_less_than_equal: { 'cos:content-length': 1000 + 65536 },
            string_equal_if_exist,
          },
        },
      ],
    })
  })

  test('for downloading: two explicit actions below one prefix', () => {
    expect(createPolicy(bucket, 'download', 'users/u1/*')).toEqual({
      version: '2.0',
      statement: [
        {
          effect: 'allow',
          action: ['name/cos:GetObject', 'name/cos:HeadObject'],
          resource: ['qcs::cos:ap-beijing:uid/1250000000:my-photos-1250000000/users/u1/*'],
        },
      ],
    })
  })

  test('for multipart uploads: five explicit actions, size of a part and ACL held', () => {
    const resource = ['qcs::cos:ap-beijing:uid/1250000000:my-photos-1250000000/users/u1/*']
    const string_equal_if_exist = { 'cos:x-cos-acl': ['default', 'private'] }
    expect(createPolicy(bucket, 'multipart', 'users/u1/*')).toEqual({
      version: '2.0',
      statement: [
        {
          effect: 'allow',
          action: [
            'name/cos:InitiateMultipartUpload',
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
      ],
    })
  })

  test.each(PURPOSES)(
    'for %s stays below the 6144 characters of STS, whatever the key',
    (purpose) => {
      const longest = `users/${'0'.repeat(32)}/${'"'.repeat(850 - 39)}`
      expect(JSON.stringify(createPolicy(bucket, purpose, longest)).length).toBeLessThan(6144)
    },
  )
})
