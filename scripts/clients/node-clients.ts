import COS from 'cos-nodejs-sdk-v5'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { sts } from 'tencentcloud-sdk-nodejs-sts'
import { BUCKET, expectEqual, MB, PERMANENT_KEY, REGION, type Client } from './client'

const place = { Bucket: BUCKET, Region: REGION }
const object = { ...place, Key: '目录/a b+c.txt' }
const BODY = 'the content'

/** @param host of the local cloud, with its port */
export function nodeSdk(host: string): COS {
  return new COS({ ...PERMANENT_KEY, Domain: host, Protocol: 'http:' })
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
        expectEqual(headers?.['content-length'], String(BODY.length))
      },
      getObject: async () => expectEqual((await cos.getObject(object)).Body.toString(), BODY),
      getObjectUrl: async () => {
        const url = cos.getObjectUrl({ ...object, Sign: true }, () => {})
        expectEqual(await (await fetch(url)).text(), BODY)
      },
      getBucket: async () => {
        const { Contents } = await cos.getBucket({ ...place, Prefix: '目录/' })
        expectEqual(
          Contents.map(({ Key }) => Key),
          [object.Key],
        )
      },
      sliceUploadFile: async () => {
        const file = { ...place, Key: 'large.bin' }
        await cos.sliceUploadFile({ ...file, FilePath, SliceSize: MB, ChunkSize: MB })
        expectEqual((await cos.getObject(file)).Body.equals(content), true)
      },
      multipartList: () => cos.multipartList({ ...place, Prefix: '' } as never),
      headBucket: () => cos.headBucket(place),
      deleteObject: async () => {
        await cos.deleteObject(object)
        const gone = await cos.headObject(object).catch((error: { statusCode: number }) => error)
        expectEqual(gone.statusCode, 404)
      },
      putBucket: () => cos.putBucket(place),
      putObjectCopy: () =>
        cos.putObjectCopy({
          ...object,
          CopySource: `${BUCKET}.cos.${REGION}.myqcloud.com/large.bin`,
        }),
      deleteMultipleObject: () =>
        cos.deleteMultipleObject({ ...place, Objects: [{ Key: 'large.bin' }] }),
      putObjectTagging: () =>
        cos.putObjectTagging({ ...object, Tags: [{ Key: 'a', Value: 'b' }] } as never),
      getBucketCors: () => cos.getBucketCors(place),
    },
  }
}

export function stsClient(host: string): Client {
  const client = new sts.v20180813.Client({
    credential: { secretId: PERMANENT_KEY.SecretId, secretKey: PERMANENT_KEY.SecretKey },
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
        await cos.putObject({ ...place, Key: 'doc/a', Body: BODY })
        const refused = await cos
          .putObject({ ...place, Key: 'other/a', Body: BODY })
          .catch((error: { statusCode: number }) => error)
        expectEqual(refused.statusCode, 403)
      },
      GetCallerIdentity: () => client.GetCallerIdentity(),
      AssumeRole: () =>
        client.AssumeRole({ RoleArn: 'qcs::cam::uin/1:roleName/a', RoleSessionName: 'a' }),
    },
  }
}
