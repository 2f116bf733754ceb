import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, expect, test } from '@jest/globals'
import { buildSync, type Platform } from 'esbuild'

import { closedPort } from '../helpers/closed-port'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'

const ROOT = join(__dirname, '..', '..')
/** Far from any node_modules, as the image is. */
const image = tempDir()
afterAll(image.remove)

const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
const ENV = {
  ...process.env,
  STS_ENDPOINT: 'http://127.0.0.1:9000',
  HOST: '127.0.0.1',
  PORT: '0',
}

/** Does what `npx esbuild …` in a document says, but for where the bundle goes. */
function bundleAsIn(document: string, outfile: string): string {
  const [, entry = '', flags = ''] = /npx esbuild (\S+) (.+)--outfile=\S+/.exec(document) ?? []
  const flag = (name: string) => new RegExp(`--${name}=(\\S+)`).exec(flags)?.[1] ?? ''
  expect(flags).toContain('--bundle')
  const file = join(image.path, outfile)
  const { warnings } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    platform: flag('platform') as Platform,
    target: flag('target'),
    external: [flag('external')],
    outfile: file,
  })
  expect(warnings).toEqual([])
  return file
}

function healthCheck(port: string) {
  const [, command = '[]'] = /^HEALTHCHECK .*CMD (\[.+\])$/m.exec(dockerfile) ?? []
  const [, ...args] = JSON.parse(command) as string[]
  return spawnSync(process.execPath, args, { env: { ...process.env, PORT: port } }).status
}

test('the bundle of the Dockerfile runs with node alone, and its health check sees it', async () => {
  const file = bundleAsIn(dockerfile, 'server.js')
  const child = spawn(process.execPath, [file], { cwd: image.path, env: ENV })
  try {
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    const [, url = '', port = ''] = await until(() => /^server (http:\S+:(\d+))$/m.exec(output))
    expect(await (await fetch(`${url}/config`)).json()).toMatchObject({ localCloud: true })
    expect(healthCheck(port)).toBe(0)
    expect(healthCheck(String(await closedPort()))).toBe(1)
    const exited = once(child, 'exit')
    child.kill()
    await exited
  } finally {
    child.kill()
  }
})

test('the bundle of a cloud function answers events with node alone', () => {
  const file = bundleAsIn(readFileSync(join(ROOT, 'server', 'README.md'), 'utf8'), 'index.js')
  const event = JSON.stringify({ path: '/config', httpMethod: 'GET' })
  const script = `require(${JSON.stringify(file)}).main(${event}).then(({ body }) => console.log(body))`
  const { stdout } = spawnSync(process.execPath, ['-e', script], {
    cwd: image.path,
    env: ENV,
    encoding: 'utf8',
  })
  expect(stdout).toContain('"localCloud":true')
})

test('the image runs as nobody special, and no secret gets into it', () => {
  const stages = dockerfile.split(/^FROM /m)
  expect(stages.at(-1)).toMatch(/^USER node$/m)
  expect(readFileSync(join(ROOT, '.dockerignore'), 'utf8')).toMatch(/^\*\*\/\.env$/m)
})
