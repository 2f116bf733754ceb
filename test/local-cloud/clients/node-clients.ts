import COS from 'cos-nodejs-sdk-v5'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { sts } from 'tencentcloud-sdk-nodejs-sts'
import { expect } from '@jest/globals'
import { BUCKET, REGION } from '../names'
import { SECRET_ID, SECRET_KEY } from '../sign'

/** A client of COS or STS that nobody here wrote. */
export interface Client {
  /** Of its npm package. */
  name: string
  /** By the name of the call. Each rejects when its result is not what COS gives. */
  calls: Record<string, () => Promise<unknown>>
}

export const KEY = { SecretId: SECRET_ID, SecretKey: SECRET_KEY }
export const PLACE = { Bucket: BUCKET, Region: REGION }
export const MB = 1024 * 1024

const object = { ...PLACE, Key: '目录/a b+c.txt' }
const BODY = 'the content'

/** @param host of the local cloud, with its port */
export function nodeSdk(host: string): COS {
  return new COS({ ...KEY, Domain: host, Protocol: 'http:' })
}

export function nodeSdkClient(host: string, folder: string): Client {
  const cos = nodeSdk(host)
  const content = randomBytes(3 * MB)
  const FilePath = path.join(folder, 'large.bin')
  writeFileSync(FilePath, content)
  return {
    name: 'cos-nodejs-sdk-v5',
    calls: {
      putObject: () => cos.putObject({ ...object, Body: BODY }),
      headObject: async () => {
        const { headers } = await cos.headObject(object)
        expect(headers?.['content-length']).toBe(String(BODY.length))
      },
      getObject: async () => expect((await cos.getObject(object)).Body.toString()).toBe(BODY),
      getObjectUrl: async () => {
        const url = cos.getObjectUrl({ ...object, Sign: true }, () => {})
        expect(await (await fetch(url)).text()).toBe(BODY)
      },
      getBucket: async () => {
        const { Contents } = await cos.getBucket({ ...PLACE, Prefix: '目录/' })
        expect(Contents.map(({ Key }) => Key)).toEqual([object.Key])
      },
      sliceUploadFile: async () => {
        const file = { ...PLACE, Key: 'large.bin' }
        await cos.sliceUploadFile({ ...file, FilePath, SliceSize: MB, ChunkSize: MB })
        expect((await cos.getObject(file)).Body.equals(content)).toBe(true)
      },
      multipartList: () => cos.multipartList({ ...PLACE, Prefix: '' } as never),
      headBucket: () => cos.headBucket(PLACE),
      deleteObject: async () => {
        await cos.deleteObject(object)
        const gone = await cos.headObject(object).catch((error: { statusCode: number }) => error)
        expect(gone.statusCode).toBe(404)
      },
      putBucket: () => cos.putBucket(PLACE),
      putObjectCopy: () =>
        cos.putObjectCopy({
          ...object,
          CopySource: `${BUCKET}.cos.${REGION}.myqcloud.com/large.bin`,
        }),
      deleteMultipleObject: () =>
        cos.deleteMultipleObject({ ...PLACE, Objects: [{ Key: 'large.bin' }] }),
      putObjectTagging: () =>
        cos.putObjectTagging({ ...object, Tags: [{ Key: 'a', Value: 'b' }] } as never),
      getBucketCors: () => cos.getBucketCors(PLACE),
    },
  }
}

export function stsClient(host: string): Client {
  const client = new sts.v20180813.Client({
    credential: { secretId: SECRET_ID, secretKey: SECRET_KEY },
    region: REGION,
    profile: { httpProfile: { endpoint: host, protocol: 'http://' } },
  })
  const statement = {
    effect: 'allow',
    principal: { qcs: ['*'] },
    action: ['name/cos:PutObject'],
    resource: [`qcs::cos:${REGION}:uid/1250000000:${BUCKET}/doc/*`],
  }
  const Policy = encodeURIComponent(JSON.stringify({ version: '2.0', statement: [statement] }))
  return {
    name: 'tencentcloud-sdk-nodejs-sts',
    calls: {
      GetFederationToken: async () => {
        const { Credentials } = await client.GetFederationToken({ Name: 'client', Policy })
        const cos = new COS({
          SecretId: Credentials?.TmpSecretId,
          SecretKey: Credentials?.TmpSecretKey,
          SecurityToken: Credentials?.Token,
          Domain: host,
          Protocol: 'http:',
        })
        await cos.putObject({ ...PLACE, Key: 'doc/a', Body: BODY })
        const refused = await cos
          .putObject({ ...PLACE, Key: 'other/a', Body: BODY })
          .catch((error: { statusCode: number }) => error)
        expect(refused.statusCode).toBe(403)
      },
      GetCallerIdentity: () => client.GetCallerIdentity(),
      AssumeRole: () =>
        client.AssumeRole({ RoleArn: 'qcs::cam::uin/1:roleName/a', RoleSessionName: 'a' }),
    },
  }
}
