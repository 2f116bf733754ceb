import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import type { NodeWx } from '../../test/helpers/node-wx'
import {
  content,
  CONTENT_TYPE,
  KEY,
  MB,
  signRequestFor,
  SLOW,
  time,
  withCloud,
  withWx,
} from './upload'
import { median } from './median'

const PARALLEL = 3

interface Network {
  name: string
  /** Of the local cloud. */
  fault: string
  fileSize: number
  rounds: number
  /** The least share of the SDK's speed. */
  target: number
}

const NETWORKS: Network[] = [
  { name: 'loopback', fault: '', fileSize: 64 * MB, rounds: 7, target: 0.9 },
  { name: '50 ms and 8 MB/s', fault: SLOW, fileSize: 24 * MB, rounds: 5, target: 1 },
]

interface Client {
  upload(key: string, filePath: string, partSize: number): Promise<unknown>
  /** Milliseconds of each round. */
  times: number[]
  /** Of the last round. */
  requests: number
}

/**
 * Compares multipartUpload with sliceUploadFile of cos-wx-sdk-v5, over one `wx`, one file system and one
 * local cloud. Each round uploads a new file to a new key, for the SDK remembers files by their path, and
 * compares what is stored with the file. Prints one line for each network and size of a part.
 */
export async function compareWithSdk(print: (line: string) => void): Promise<void> {
  // The SDK keeps the `wx` that it finds when it is loaded.
  await withWx(async (wx, requests) => {
    for (const network of NETWORKS) {
      await withCloud(network.fault, async (port) => {
        for (const partSize of [MB, 4 * MB]) {
          const ours: Client = { upload: oursAt(port), times: [], requests: 0 }
          const sdk: Client = { upload: sdkAt(port), times: [], requests: 0 }
          await runRounds({ ours, sdk }, { wx, requests, port, partSize, ...network })
          print(lineOf(ours, sdk, { partSize, ...network }))
        }
      })
    }
  })
}

async function runRounds(
  clients: Record<string, Client>,
  place: Network & { wx: NodeWx; requests: () => number; port: number; partSize: number },
): Promise<void> {
  const { wx, requests, port, partSize, fileSize, rounds } = place
  const file = content(fileSize)
  // The first round is for the compiler. The two take turns, and so see the machine in one state.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, client] of Object.entries(clients)) {
      const key = `${name}-${partSize}-${round}`
      const filePath = wx.addTempFile(file)
      const before = requests()
      const milliseconds = await time(() => client.upload(key, filePath, partSize))
      client.requests = requests() - before
      if (round > 0) client.times.push(milliseconds)
      await checkStored(port, key, file)
      await wx.getFileSystemManager().unlink({ filePath })
    }
  }
}

function lineOf(ours: Client, sdk: Client, place: Network & { partSize: number }): string {
  const { name, fileSize, partSize, target } = place
  const speed = ({ times }: Client) => (fileSize / MB / median(times)) * 1000
  const ratio = speed(ours) / speed(sdk)
  return (
    `multipart ${fileSize / MB} MB, ${PARALLEL} parts of ${partSize / MB} MB at once, ${name}: ` +
    `${ratio.toFixed(2)} of cos-wx-sdk-v5 (${speed(ours).toFixed(1)} of ${speed(sdk).toFixed(1)} MB/s; ` +
    `target ${target}${ratio < target ? ', missed' : ''}); ` +
    `${ours.requests} requests, the SDK ${sdk.requests}; all stored bytes compared`
  )
}

function oursAt(port: number): Client['upload'] {
  const signRequest = signRequestFor(port)
  return async (key, filePath, partSize) => {
    const options = { key, filePath, partSize, parallel: PARALLEL, signRequest }
    const { verified } = await multipartUpload({ ...options, contentType: CONTENT_TYPE })
    if (!verified) throw new Error('the bytes were not verified')
  }
}

function sdkAt(port: number): Client['upload'] {
  // Its source, because the bundle wants a window.
  const COS = require('cos-wx-sdk-v5/index') as new (options: object) => {
    sliceUploadFile(params: object): Promise<unknown>
  }
  const { SecretId, SecretKey, Bucket, Region } = KEY
  const cos = new COS({ SecretId, SecretKey, Domain: `http://127.0.0.1:${port}` })
  return (Key, FilePath, ChunkSize) => {
    const what = { Bucket, Region, Key, FilePath, ChunkSize, AsyncLimit: PARALLEL }
    return cos.sliceUploadFile({ ...what, Headers: { 'Content-Type': CONTENT_TYPE } })
  }
}

/** @throws Error where the object is not this file */
async function checkStored(port: number, key: string, file: Uint8Array): Promise<void> {
  const { url } = await signRequestFor(port)({ method: 'GET', key })
  const stored = await (await fetch(url)).arrayBuffer()
  if (!Buffer.from(stored).equals(file)) throw new Error(`${key}: other bytes are stored`)
}
