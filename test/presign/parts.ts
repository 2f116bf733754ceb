import { presignedUrl } from '../../miniprogram/cos'
import { zhCN as presignZhCN } from '../../miniprogram/presign/i18n/zh-CN'
import { zhCN } from '../../miniprogram/i18n/zh-CN'

export const t = { ...zhCN, ...presignZhCN }

export const NOW = 1_700_000_000

export const KEY = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key' }

export const BUCKET = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing' }

export const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'

export const clock = () => NOW * 1000

export const sign = (params: object = {}, key: object = {}) =>
  presignedUrl(
    { ...KEY, ...key },
    { ...BUCKET, Key: 'a.txt', Protocol: 'https:', ...params },
    clock,
  )
