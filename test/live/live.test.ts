import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import COS from '../../miniprogram/cos/index'
import { controlOf, type Control } from '../helpers/control'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'
import { differences, differenceTable } from './differences'
import { STEPS } from './steps'
import type { Exchange } from './target'

/** `npm run test:live`, with another local cloud in the place of the real one. */

const SECRET_KEY = 'the-secret-key-of-the-stand-in'
const BUCKET = { Bucket: 'standin-1250000001', Region: 'ap-shanghai' }

const data = tempDir()
const standIn = createLocalCloud({
  data: data.path,
  port: 0,
  controlPort: 0,
  bucket: BUCKET.Bucket,
  region: BUCKET.Region,
  secretId: 'stand-in-id',
  secretKey: SECRET_KEY,
})
let url: string
let control: Control

beforeAll(async () => {
  const { controlUrl, ...started } = await standIn.start()
  url = started.url
  control = controlOf(controlUrl)
})
afterAll(async () => {
  await standIn.stop()
  data.remove()
})

function account() {
  return {
    STS_ENDPOINT: url,
    TENCENT_SECRET_ID: 'stand-in-id',
    TENCENT_SECRET_KEY: SECRET_KEY,
    COS_BUCKET: BUCKET.Bucket,
    COS_REGION: BUCKET.Region,
  }
}

/** Runs it with nothing but this in its environment; an empty value keeps server/.env out. */
function start(env: Record<string, string>) {
  const { PATH = '', SystemRoot = '', TEMP = '' } = process.env
  const none = Object.fromEntries(Object.keys(account()).map((name) => [name, '']))
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'test/live/main.ts'], {
    cwd: join(__dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, SystemRoot, TEMP, ...none, ...env },
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }))
  return { child, ended, output: () => output }
}

/** What is left in the bucket: objects, and uploads that have not ended. */
async function left(): Promise<string[]> {
  const cos = new COS({ SecretId: 'stand-in-id', SecretKey: SECRET_KEY, Protocol: 'http:' })
  const list = async (Query: Record<string, string>) => {
    const signed = await cos.presign({ ...BUCKET, Key: '', Query, Domain: new URL(url).host })
    const xml = await (await fetch(signed.Url)).text()
    expect(xml).toContain('Result')
    return [...xml.matchAll(/<Key>([^<]*)</g)].map(([, key]) => key ?? '')
  }
  return [...(await list({})), ...(await list({ uploads: '' }))]
}

describe('npm run test:live', () => {
  test('is skipped in one line without an account', async () => {
    const { code, output } = await start({}).ended
    expect(code).toBe(0)
    expect(output).toMatch(/^skipped: no account\. Set TENCENT_SECRET_ID, .*\n$/)
  })

  test('names what is missing of an account', async () => {
    const { COS_REGION: _, ...env } = account()
    const { code, output } = await start({ ...env, STS_ENDPOINT: '' }).ended
    expect(code).toBe(1)
    expect(output).toMatch(/^COS_REGION: expected .*\n$/)
  })

  test('takes every step, at both, finds no difference, and leaves nothing', async () => {
    const { code, output } = await start(account()).ended
    for (const { name } of STEPS) {
      expect(output).toContain(`real   ok    ${name}\n`)
      expect(output).toContain(`local  ok    ${name}\n`)
    }
    expect(output).toMatch(/\n\d{3} requests to the real COS, \d{3} to the local one\n/)
    expect(output).toMatch(/\nno difference\n$/)
    expect(code).toBe(0)
    expect(output).not.toMatch(/q-signature|sessionToken|the-secret-key|Bearer/)
    expect(await left()).toEqual([])
  })

  // Windows has no signals to send. There Ctrl-C is an event of the console.
  const onUnix = process.platform === 'win32' ? test.skip : test
  onUnix('leaves nothing when it is interrupted', async () => {
    const { child, ended, output } = start(account())
    await until(() => output().includes('real   ok    a multipart upload'), 'some steps')
    child.kill('SIGINT')
    expect((await ended).code).toBe(1)
    expect(output()).not.toContain('local ')
    expect(await left()).toEqual([])
  })

  test('tells of a step that fails, where both differ, and what is left', async () => {
    // The first one is noted by the check of the account, the second fails a step, the rest cleaning.
    await control.order({ kind: '403', times: 1000, match: { method: 'DELETE' } })
    const { code, output } = await start(account()).ended
    await control.clear()
    expect(code).toBe(1)
    expect(output).toMatch(/^real {3}FAIL {2}hard keys, .*: expected 204, got 403 AccessDenied /m)
    expect(output).toMatch(/^real {3}LEFT {2}users\/\w+\/empty\.txt \(403 AccessDenied\)/m)
    expect(output).toMatch(/^status +403 +204 +hard keys, .*: DELETE a b\+c\.txt/m)
    expect(await left()).not.toEqual([])
  })

  test('does not begin with an account that is not ready', async () => {
    const { code, output } = await start({ ...account(), TENCENT_SECRET_KEY: 'wrong' }).ended
    expect(code).toBe(1)
    expect(output).toContain('TENCENT_SECRET_KEY is not the key of TENCENT_SECRET_ID')
    expect(output).not.toContain('real ')
  })
})

describe('the comparison', () => {
  const exchange = (request: string, status: number, headers: Record<string, string> = {}) => ({
    step: 'a step',
    request,
    answer: { status, code: status === 200 ? '' : 'SomeCode', headers: new Headers(headers) },
  })

  test('sees a status, a code, a header of another value, and one that is missing', () => {
    const date = new Date(0).toUTCString()
    const real = [
      exchange('PUT', 403, { 'content-type': 'application/xml', date }),
      exchange('GET', 200, { etag: '"a"', date }),
    ]
    const local = [
      exchange('PUT', 200, { 'content-type': 'text/xml', date: 'another' }),
      exchange('GET', 200, { etag: '"b"' }),
    ]
    expect(differences(real, local)).toEqual([
      { step: 'a step', request: 'PUT', what: 'status', real: '403', local: '200' },
      { step: 'a step', request: 'PUT', what: 'code', real: 'SomeCode', local: '-' },
      difference('PUT', 'content-type', 'application/xml', 'text/xml'),
      difference('GET', 'date', 'there', '-'),
    ])
  })

  test('compares requests of one name, also where one of the two sent fewer', () => {
    const sent = (...names: string[]): Exchange[] => names.map((name) => exchange(name, 200))
    expect(differences(sent('a', 'b', 'c'), sent('b', 'c'))).toEqual([])
    expect(differences([exchange('b', 403)], sent('a', 'b'))).toHaveLength(2)
  })

  test('prints the same difference of many requests as one line', () => {
    const table = differenceTable([
      difference('PUT a', 'vary', 'there', '-'),
      difference('PUT a', 'content-type', 'application/xml', 'text/xml'),
      difference('PUT b', 'vary', 'there', '-'),
    ])
    expect(table.split('\n')).toEqual([
      'what          real             local     where',
      'vary          there            -         a step: PUT a and 1 more',
      'content-type  application/xml  text/xml  a step: PUT a',
    ])
  })

  function difference(request: string, what: string, real: string, local: string) {
    return { step: 'a step', request, what, real, local }
  }
})
