import { installNodeWx, type NodeWx } from '../../test/helpers/node-wx'
import { permanentKeySigning } from '../../miniprogram/signing/permanent-key'
import { withProcesses, type Processes } from './processes'

export const MB = 1024 * 1024
export const CONTENT_TYPE = 'application/octet-stream'
/** What the network of each request has: 50 ms until the answer, and 8 MB in a second. */
export const SLOW = `slow,share=1,delay=50,rate=${8 * MB}`
/** Of the local cloud. */
export const KEY = {
  SecretId: 'local-secret-id',
  SecretKey: 'local-secret-key',
  Bucket: 'examplebucket-1250000000',
  Region: 'ap-beijing',
}

/** Bytes of which no two megabytes are the same. */
export function content(size: number): Uint8Array {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at += 4) bytes.writeUInt32LE(Math.imul(at + 1, 0x9e3779b1) >>> 0, at)
  return bytes
}

/** Signs for the local cloud on this port. */
export function signRequestFor(port: number) {
  const { signRequest } = permanentKeySigning({
    ...KEY,
    Protocol: 'http:',
    Domain: `127.0.0.1:${port}`,
  })
  return signRequest
}

/** The `wx` of the tests. Gives, too, how many requests were sent. */
export async function withWx<T>(run: (wx: NodeWx, requests: () => number) => Promise<T>) {
  const { wx, restore } = installNodeWx()
  const { request } = wx
  let requests = 0
  wx.request = (option) => {
    requests++
    wx.calls.length = 0 // they would keep every part in memory
    return request(option)
  }
  try {
    return await run(wx, () => requests)
  } finally {
    await restore()
  }
}

/** A local cloud in a process of its own, with a fault if one is given. */
export async function withCloud<T>(
  fault: string,
  run: (port: number, start: Processes['start']) => Promise<T>,
): Promise<T> {
  return withProcesses(async ({ folder, start }) => {
    const { answer } = await start<{ port: number }>('cloud-server.ts', [folder, fault])
    return run(answer.port, start)
  })
}

/** Milliseconds. */
export async function time(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await run()
  return performance.now() - begin
}

export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`
