import { afterAll, describe, expect, test } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import { endProcess } from '../helpers/end-process'
import { END_WITH_PARENT } from '../helpers/npm-start'
import { tempDir } from '../helpers/temp-dir'
import { startCloud } from './cloud'
import { presign, send } from './sign'

const dir = tempDir()
const children: ChildProcess[] = []

afterAll(async () => {
  await Promise.all(children.map((child) => endProcess(child, 'SIGKILL')))
  dir.remove()
})

const ROOT = path.join(__dirname, '..', '..')

/** Starts `local-cloud/main.ts` as npm does. */
function run(args: string[], env: Record<string, string> = {}) {
  const script = path.join(ROOT, 'local-cloud', 'main.ts')
  const child = spawn(
    process.execPath,
    [...END_WITH_PARENT, script, '--control-port', '0', ...args],
    {
      cwd: ROOT,
      env: { ...process.env, ...env },
    },
  )
  children.push(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)))
  return { child, output, exited: once(child, 'exit') as Promise<[number | null]> }
}

test('serves, and stops on Ctrl-C', async () => {
  const { child, output, exited } = run(['--port', '0', '--data', path.join(dir.path, 'cli')], {
    LOCAL_CLOUD_SECRET_ID: 'id-of-the-environment',
    LOCAL_CLOUD_SECRET_KEY: 'key-of-the-environment',
    LOCAL_CLOUD_PORT: 'overridden by the option',
  })
  await once(child.stdout, 'data')
  const port = Number(/^local cloud http:\/\/127\.0\.0\.1:(\d+)\/\n/.exec(output.stdout)?.[1])
  const signed = {
    method: 'PUT',
    path: '/a.txt',
    secretId: 'id-of-the-environment',
    secretKey: 'key-of-the-environment',
  }
  expect((await send(port, 'PUT', presign(signed), { body: 'x' })).status).toBe(200)
  child.kill('SIGINT')
  expect(await exited).toEqual([0, null])
  expect(output.stdout).toContain('PUT /a.txt 200\n')
  expect(output.stdout).toMatch(/^console http:\/\/127\.0\.0\.1:\d+\/$/m)
  expect(output.stderr).toBe('')
})

test('--help', async () => {
  const { output, exited } = run(['--help'])
  expect((await exited)[0]).toBe(0)
  expect(output.stdout).toMatch(/--port[^]*LOCAL_CLOUD_PORT[^]*--secret-key/)
})

describe('one clear line and exit code 1 for', () => {
  const notAFolder = path.join(dir.path, 'file')
  writeFileSync(notAFolder, '')
  const data = path.join(dir.path, 'data')

  test.each([
    ['an unknown option', ['--colour', 'red'], /--colour/],
    [
      'a bad control port',
      ['--control-port', 'x', '--data', data],
      /: --control-port must be a number/,
    ],
    ['a bad fault', ['--fault', '600', '--data', data], /kind must be/],
    ['a bad port', ['--port', 'abc', '--data', data], /: --port must be a number/],
    ['a port too high', ['--port', '65536', '--data', data], /: --port must be a number/],
    ['a bad bucket', ['--bucket', 'no-appid', '--data', data], /bucket must be/],
    [
      'a key that looks real',
      ['--secret-id', 'AKIDexample', '--data', data],
      /looks like a real key/,
    ],
    [
      'the published key where others can reach it',
      ['--host', '0.0.0.0', '--data', data],
      /--host 0\.0\.0\.0 lets others in: set a --secret-key/,
    ],
    ['a data folder that is a file', ['--port', '0', '--data', notAFolder], /data folder/],
  ])('%s', async (_, args, message) => {
    const { output, exited } = run(args)
    expect((await exited)[0]).toBe(1)
    expect(output.stdout).toBe('')
    expect(output.stderr).toMatch(message)
    expect(output.stderr).toMatch(/^local cloud: .+\n$/)
  })

  test('a control port in use', async () => {
    const { port } = await startCloud()
    const args = ['--port', '0', '--control-port', String(port), '--data', data]
    const { output, exited } = run(args)
    expect((await exited)[0]).toBe(1)
    expect(output.stderr).toBe(
      `local cloud: port ${port} is in use: choose another one with --control-port\n`,
    )
  })

  test('a port in use', async () => {
    const { port } = await startCloud()
    const { output, exited } = run(['--port', String(port), '--data', data])
    expect((await exited)[0]).toBe(1)
    expect(output.stderr).toBe(
      `local cloud: port ${port} is in use: choose another one with --port\n`,
    )
  })
})

test('options that cannot be are TypeErrors', () => {
  const create = (change: object) => () => createLocalCloud({ data: dir.path, ...change })
  expect(create({ port: 70_000 })).toThrow(new TypeError('port must be a number from 0 to 65535'))
  expect(create({ data: '' })).toThrow(TypeError)
  expect(create({ region: 'a b' })).toThrow(TypeError)
  expect(create({ secretKey: '' })).toThrow(TypeError)
})
