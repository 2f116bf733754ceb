import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { addresses, FREE_PORTS, runStart, type Run } from '../helpers/npm-start'
import { tempDir, type TempDir } from '../helpers/temp-dir'

const ROOT = path.join(__dirname, '../..')
/** Windows knows no signals: Node ends the process itself there. */
const ENDED = process.platform === 'win32' ? null : 0

let data: TempDir
let running: Run[] = []

beforeEach(() => {
  data = tempDir()
})

afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await Promise.all(running.map(({ ended }) => ended))
  running = []
  data.remove()
})

/** As `runStart`, and ended after the test. */
function start(...args: string[]): Run {
  const run = runStart(...args)
  running.push(run)
  return run
}

describe('npm start', () => {
  test('starts all three parts, knowing each other, and ends them on Ctrl-C', async () => {
    const run = start(...FREE_PORTS, '--data', data.path)
    const { preview, server, cloud, control } = await addresses(run)
    expect(new Set([preview, server, cloud].map((url) => new URL(url).port)).size).toBe(3)
    const printed = run.stdout().match(/http:\S+/g)
    expect(printed).toEqual([
      `${preview}/`,
      `${server}/`,
      `${cloud}/`,
      `${server}/docs`,
      `${control}/`,
    ])
    expect((await fetch(`${server}/docs`)).status).toBe(200)
    expect(run.stdout()).toContain(ROOT)
    expect(run.stdout()).toContain('DevTools')
    expect(run.stdout()).toContain('微信开发者工具')

    const page = await (await fetch(preview)).text()
    expect(page).toContain(new URL(server).origin)

    const origin = new URL(preview).origin
    const config = await fetch(new URL('config', server), { headers: { origin } })
    expect(config.headers.get('access-control-allow-origin')).toBe(origin)
    expect(await config.json()).toMatchObject({ host: new URL(cloud).host, localCloud: true })
    const health = await fetch(new URL('health', server))
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok', sts: 'ok' }])

    expect(await (await fetch(`${control}/faults`)).json()).toEqual([])

    const refusal = await fetch(new URL('some-key', cloud))
    expect(refusal.status).toBe(403)
    expect(await refusal.text()).toContain('<Code>AccessDenied</Code>')

    run.child.kill('SIGINT')
    expect(await run.ended).toBe(ENDED)
    expect(run.stderr()).toBe('')
    await expect(fetch(cloud)).rejects.toThrow('fetch failed')
  })

  test('ends although connections are open', async () => {
    const run = start(...FREE_PORTS, '--data', data.path)
    const { preview, server, cloud } = await addresses(run)
    const agent = new http.Agent({ keepAlive: true })
    for (const url of [preview, server, cloud]) await request(url, agent)
    const half = net.connect(Number(new URL(cloud).port), '127.0.0.1')
    half.unref().on('error', () => {})
    half.write('PUT /half HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nab')
    await once(half, 'ready')

    run.child.kill('SIGTERM')
    // Twice, as a terminal and npm together send it.
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(ENDED)
  })

  test.each(['preview', 'server', 'cloud', 'control'])(
    'names the option for a %s port in use',
    async (part) => {
      const other = net.createServer().listen(0, '127.0.0.1').unref()
      await once(other, 'listening')
      const { port } = other.address() as net.AddressInfo

      const run = start(...FREE_PORTS, '--data', data.path, `--${part}-port`, String(port))
      expect(await run.ended).toBe(1)
      expect(run.stderr()).toBe(
        `npm start: port ${port} is in use: choose another --${part}-port PORT (0 for any free one)\n`,
      )
      expect(run.stdout()).toBe('')
    },
  )

  test('refuses a bad option in one line', async () => {
    const run = start('--cloud-port', '90000')
    expect(await run.ended).toBe(1)
    expect(run.stderr()).toBe(
      'npm start: --cloud-port wants a port from 0 to 65535, not 90000 (see --help)\n',
    )
  })

  test('refuses a data folder that it cannot write to', async () => {
    const file = path.join(data.path, 'file')
    fs.writeFileSync(file, '')
    const run = start(...FREE_PORTS, '--data', path.join(file, 'below'))
    expect(await run.ended).toBe(1)
    expect(run.stderr()).toMatch(
      /^npm start: cannot write to .*below \(\w+\): choose another --data DIR\n$/,
    )
  })

  test('explains its options', async () => {
    const run = start('--help')
    expect(await run.ended).toBe(0)
    for (const option of [
      '--preview-port',
      '--server-port',
      '--cloud-port',
      '--control-port',
      '--data',
      '--lan',
      '--lan-address',
    ]) {
      expect(run.stdout()).toContain(option)
    }
  })
})

/** Sends a request whose connection stays open, and waits for the whole answer. */
async function request(url: string, agent: http.Agent): Promise<void> {
  const [response] = (await once(http.get(url, { agent }), 'response')) as [http.IncomingMessage]
  response.resume()
  await once(response, 'end')
}
