/**
 * One subject of the signing benchmark, in a process of its own: `ours`, `wx` or `node`, then the
 * task. Prints the median cost of one signature in nanoseconds.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import COS from '../../miniprogram/cos/index'
import { median } from './measure'

interface Signer {
  getAuthorization(options: object): string
  new (options: object): { getObjectUrl(params: object): string }
}

const NOW = 1_700_000_000_000
const KEYS = { SecretId: 'SECRETID', SecretKey: 'SECRETKEY' }
const OBJECT = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing' }
const Host = `${OBJECT.Bucket}.cos.${OBJECT.Region}.myqcloud.com`
const SAMPLES = 15
const SAMPLE_MS = 20
const WARM_UP_MS = 400

const [subject = '', task = ''] = process.argv.slice(2)
// The SDKs ask Date.now; a frozen clock keeps one KeyTime for the list.
Date.now = () => NOW
process.stdout.write(`${measure(createTask(task, load(subject)))}\n`)

function load(name: string): Signer {
  const require = createRequire(join(process.cwd(), 'package.json'))
  if (name === 'node') return require('cos-nodejs-sdk-v5') as Signer
  if (name === 'wx') {
    const wx = { canIUse: () => false, getFileSystemManager: () => ({}) }
    Object.assign(globalThis, { window: {}, wx })
    return require('cos-wx-sdk-v5') as Signer
  }
  return COS as unknown as Signer
}

function createTask(name: string, signer: Signer): (i: number) => string {
  if (name === 'list') {
    const cos = new signer(KEYS)
    const list = Array.from({ length: 1000 }, (_, n) => ({
      ...OBJECT,
      Key: `photos/2026/${n}.jpg`,
      Sign: true,
    }))
    return (i) => cos.getObjectUrl(list[i % list.length]!)
  }
  if (name === 'one') {
    return (i) =>
      signer.getAuthorization({
        SecretId: 'SECRETID',
        SecretKey: `SECRETKEY${i}`,
        Method: 'get',
        Key: `photos/2026/${i}.jpg`,
        Query: {},
        Headers: { Host },
      })
  }
  const many = Array.from({ length: Number(name) }, (_, n) => [`x-cos-meta-${n}`, `value ${n}`])
  const fields = Object.fromEntries(many)
  return () => signer.getAuthorization({ ...KEYS, Key: 'a', Query: fields, Headers: fields })
}

function measure(run: (i: number) => string): number {
  let done = 0
  const sample = (times: number): number => {
    const begin = performance.now()
    for (let i = 0; i < times; i++) run(done++)
    return ((performance.now() - begin) * 1e6) / times
  }
  let cost = sample(20)
  const warm = performance.now() + WARM_UP_MS
  while (performance.now() < warm) cost = sample(20)
  const times = Math.max(1, Math.round((SAMPLE_MS * 1e6) / cost))
  return median(Array.from({ length: SAMPLES }, () => sample(times)))
}
