import { afterAll, expect, test } from '@jest/globals'
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { tempDir } from '../helpers/temp-dir'
import { BUCKET } from './cloud'
import { forkCloud } from './fork-cloud'
import { presign, send } from './sign'

const MB = 1024 * 1024
const dir = tempDir()

const run = (command: string, ...args: string[]): SpawnSyncReturns<Buffer> =>
  spawnSync(command, args, { stdio: 'ignore' })

/** A disk of 8 MB. Only root on Linux can have one; elsewhere the test is skipped. */
const canMount =
  process.platform === 'linux' &&
  run('mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', dir.path).status === 0

afterAll(() => {
  if (canMount) run('umount', dir.path)
  dir.remove()
})

const testFullDisk = canMount ? test : test.skip

testFullDisk('a full disk (skipped where no small disk can be mounted)', async () => {
  const { port, kill } = await forkCloud(dir.path)
  const put = (key: string, body: Buffer) =>
    send(port, 'PUT', presign({ method: 'PUT', path: key }), { body })
  const get = (key: string) => send(port, 'GET', presign({ method: 'GET', path: key }))
  const blobs = () => readdirSync(path.join(dir.path, BUCKET, 'blobs')).length
  try {
    const old = Buffer.alloc(3 * MB, 'old')
    expect((await put('/key', old)).status).toBe(200)
    for (const key of ['/key', '/other']) {
      expect(await put(key, Buffer.alloc(20 * MB, 'new'))).toMatchObject({
        status: 500,
        code: 'InternalError',
        message: 'The disk of the local cloud is full.',
      })
    }
    expect((await get('/key')).body.equals(old)).toBe(true)
    expect((await get('/other')).code).toBe('NoSuchKey')
    expect(blobs()).toBe(1)
    // What fits is still taken, and a delete makes room.
    expect((await put('/other', Buffer.alloc(4 * MB))).status).toBe(200)
    expect((await put('/third', Buffer.alloc(4 * MB))).status).toBe(500)
    await send(port, 'DELETE', presign({ method: 'DELETE', path: '/other' }))
    expect((await put('/third', Buffer.alloc(4 * MB))).status).toBe(200)
  } finally {
    await kill()
  }
})
