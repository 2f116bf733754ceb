import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { installNodeWx, type NodeWx } from '../../test/helpers/node-wx'
import { permanentKeySigning } from '../../miniprogram/signing/permanent-key'

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
export async function withCloud<T>(fault: string, run: (port: number) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-multipart-'))
  const child = start('cloud-server.ts', [folder, fault])
  try {
    const { port } = await answerOf<{ port: number }>(child)
    return await run(port)
  } finally {
    child.kill()
    await (child.exitCode ?? once(child, 'exit'))
    rmSync(folder, { recursive: true, force: true })
  }
}

export function start(script: string, args: string[], nodeOptions: string[] = []): ChildProcess {
  const execArgv = [...nodeOptions, '--require', 'tsx/cjs']
  return fork(path.join(__dirname, script), args, { execArgv })
}

/** The first message of a process. */
export async function answerOf<T extends object>(child: ChildProcess): Promise<T> {
  const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (typeof answer === 'object' && answer !== null) return answer as T
  throw new Error(`${child.spawnargs.join(' ')} ended with ${answer}`)
}

/** Milliseconds. */
export async function time(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await run()
  return performance.now() - begin
}

export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`
