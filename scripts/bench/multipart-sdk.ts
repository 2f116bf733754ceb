import { randomBytes } from 'node:crypto'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import type { NodeWx } from '../../test/helpers/node-wx'
import { presign } from '../../test/local-cloud/sign'
import { MB, race, time } from './measure'
import { withCloud } from './processes'
import { ACCOUNT, uploadOptions, withWx } from './uploads'

const PARALLEL = 3
/** What the network of each request has: 50 ms until the answer, and 8 MB in a second. */
export const SLOW = `slow,share=1,delay=50,rate=${8 * MB}`

/** The fault is of the local cloud, and the target is the least share of the SDK's speed. */
const NETWORKS = [
  { name: 'loopback', fault: '', fileSize: 64 * MB, rounds: 7, target: 0.9 },
  { name: '50 ms and 8 MB/s', fault: SLOW, fileSize: 24 * MB, rounds: 5, target: 1 },
]
type Network = (typeof NETWORKS)[number]

interface Place {
  wx: NodeWx
  /** How many were sent so far. */
  requests: () => number
  port: number
}

type Upload = (key: string, filePath: string, partSize: number) => Promise<unknown>

/**
 * Compares multipartUpload with sliceUploadFile of cos-wx-sdk-v5, over one `wx`, one file system and one
 * local cloud. Each round uploads a new file to a new key, for the SDK remembers files by their path, and
 * compares what is stored with the file. Prints one line for each network and size of a part.
 */
export async function compareWithSdk(): Promise<void> {
  // The SDK keeps the `wx` that it finds when it is loaded.
  await withWx(async (wx, requests) => {
    for (const network of NETWORKS) {
      await withCloud(network.fault, async (port) => {
        const place = { wx, requests, port }
        for (const partSize of [MB, 4 * MB]) await compare(network, partSize, place)
      })
    }
  })
}

async function compare(network: Network, partSize: number, place: Place): Promise<void> {
  const { name, fileSize, rounds, target } = network
  const { wx, requests, port } = place
  const file = randomBytes(fileSize)
  const sent = { ours: 0, sdk: 0 }
  const run = (client: keyof typeof sent, upload: Upload) => async (round: number) => {
    const key = `${client}-${partSize}-${round}`
    const filePath = wx.addTempFile(file)
    const before = requests()
    const milliseconds = await time(() => upload(key, filePath, partSize))
    sent[client] = requests() - before
    await checkStored(port, key, file)
    await wx.getFileSystemManager().unlink({ filePath })
    return milliseconds
  }
  const result = await race({
    rounds,
    ours: run('ours', oursAt(port)),
    theirs: run('sdk', sdkAt(port)),
    of: 'cos-wx-sdk-v5',
    amount: fileSize / MB,
    unit: ' MB',
    target,
  })
  const parts = `${PARALLEL} parts of ${partSize / MB} MB at once`
  console.log(
    `multipart ${fileSize / MB} MB, ${parts}, ${name}: ${result}; ` +
      `${sent.ours} requests, the SDK ${sent.sdk}; all stored bytes compared`,
  )
}

function oursAt(port: number): Upload {
  return async (key, filePath, partSize) => {
    const options = { ...uploadOptions(port), key, filePath, partSize, parallel: PARALLEL }
    const { verified } = await multipartUpload(options)
    if (!verified) throw new Error('the bytes were not verified')
  }
}

function sdkAt(port: number): Upload {
  // Its source, because the bundle wants a window.
  const COS = require('cos-wx-sdk-v5/index') as new (options: object) => {
    sliceUploadFile(params: object): Promise<unknown>
  }
  const { SecretId, SecretKey, Bucket, Region } = ACCOUNT
  const cos = new COS({ SecretId, SecretKey, Domain: `http://127.0.0.1:${port}` })
  const headers = { 'Content-Type': uploadOptions(port).contentType }
  return (Key, FilePath, ChunkSize) => {
    const what = { Bucket, Region, Key, FilePath, ChunkSize, AsyncLimit: PARALLEL }
    return cos.sliceUploadFile({ ...what, Headers: headers })
  }
}

/** @throws Error where the object is not this file */
async function checkStored(port: number, key: string, file: Uint8Array): Promise<void> {
  const url = presign({ method: 'GET', path: `/${key}` })
  const stored = await (await fetch(`http://127.0.0.1:${port}${url}`)).arrayBuffer()
  if (!Buffer.from(stored).equals(file)) throw new Error(`${key}: other bytes are stored`)
}
