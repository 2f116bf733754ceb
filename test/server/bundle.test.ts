import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSync, type Platform } from 'esbuild'

import { closedPort } from '../helpers/closed-port'
import { endProcess } from '../helpers/end-process'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'

const ROOT = join(__dirname, '..', '..')
/** Far from any node_modules, as the image is. */
const image = tempDir()
afterAll(image.remove)

const readme = readFileSync(join(ROOT, 'server', 'README.md'), 'utf8')
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
  } finally {
    await endProcess(child)
  }
})

test('the bundle of a cloud function answers events with node alone', () => {
  const file = bundleAsIn(readme, 'index.js')
  const event = JSON.stringify({ path: '/config', httpMethod: 'GET' })
  const script = `require(${JSON.stringify(file)}).main(${event}).then(({ body }) => console.log(body))`
  const { stdout } = spawnSync(process.execPath, ['-e', script], {
    cwd: image.path,
    env: ENV,
    encoding: 'utf8',
  })
  expect(stdout).toContain('"localCloud":true')
})

describe('under @cloudbase/functions-framework the bundle of a cloud function', () => {
  let child: ChildProcess
  let url = ''
  beforeAll(async () => {
    const file = bundleAsIn(readme, 'function.js')
    const port = await closedPort()
    url = `http://127.0.0.1:${port}`
    const framework = join(ROOT, 'node_modules', '@cloudbase', 'functions-framework')
    const script = join(framework, 'bin', 'tcb-ff.js')
    const options = [`--source=${file}`, `--port=${port}`, '--logEventContext=false']
    child = spawn(process.execPath, [script, ...options], { cwd: image.path, env: ENV })
    let output = ''
    child.stdout!.on('data', (chunk) => (output += chunk))
    child.stderr!.on('data', (chunk) => (output += chunk))
    await until(() => output.includes('Server listening') || child.exitCode !== null)
    expect(output).toContain('Server listening')
  })
  afterAll(() => endProcess(child, 'SIGKILL'))

  const post = (path: string, body: unknown) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('answers HTTP requests', async () => {
    const config = await fetch(`${url}/config?a=b`)
    expect([config.status, config.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await config.json()).toMatchObject({ localCloud: true })
    const session = await post('/session', { code: '照' })
    expect([session.status, await session.json()]).toEqual([
      200,
      expect.objectContaining({ token: expect.any(String) }),
    ])
    expect((await post('/session', {})).status).toBe(400)
    expect((await post('/credentials', { purpose: 'upload' })).status).toBe(401)
    expect((await fetch(`${url}/nothing`)).status).toBe(404)
    expect((await fetch(`${url}/config`, { method: 'PATCH' })).status).toBe(404)
  })

  const body = '{"code":"照"}'
  const headers = { 'Content-Type': 'application/json' }
  test.each<[string, object]>([
    [
      'API gateway',
      {
        requestContext: { path: '/session', httpMethod: 'POST', sourceIp: '192.0.2.1' },
        queryString: {},
        headers,
        body,
      },
    ],
    ['function URL', { headers: { ...headers, 'x-scf-remote-addr': '192.0.2.1' }, body }],
    [
      'CloudBase HTTP access, in base64',
      {
        requestContext: { envId: 'env-1' },
        headers,
        body: Buffer.from(body).toString('base64'),
        isBase64Encoded: true,
      },
    ],
    [
      'several values of a header',
      { headers: null, multiValueHeaders: { ...headers, a: ['b', 'c'] }, body },
    ],
  ])('answers an event of %s', async (_name, event) => {
    const answer = await post('/', { path: '/session', httpMethod: 'POST', ...event })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toHaveProperty('token')
  })
})

// Windows runs no shell script.
const onUnix = process.platform === 'win32' ? test.skip : test
onUnix('scf_bootstrap starts the bundle where SCF calls it', async () => {
  const folder = join(image.path, 'scf')
  mkdirSync(folder)
  copyFileSync(bundleAsIn(dockerfile, 'server.js'), join(folder, 'server.js'))
  const port = await closedPort()
  const [, script = ''] = /```bash\n(#!\/bin\/bash\n.+?)```/s.exec(readme) ?? []
  expect(script).toContain('PORT=9000')
  const changed = script.replace('/var/lang/node20/bin/node', process.execPath)
  expect(changed).not.toBe(script)
  writeFileSync(join(folder, 'scf_bootstrap'), changed.replace('9000', String(port)), {
    mode: 0o755,
  })
  const child = spawn('./scf_bootstrap', { cwd: folder, env: ENV })
  try {
    await until(() =>
      fetch(`http://127.0.0.1:${port}/config`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
  } finally {
    await endProcess(child)
  }
})

onUnix('the steps of the Dockerfile make a server from a clean folder', async () => {
  const build = join(image.path, 'build')
  const [, first = '', second = ''] = dockerfile.split(/^FROM /m)
  mkdirSync(build)
  for (const [, step = '', text = ''] of first.matchAll(/^(COPY|RUN) (.+)$/gm)) {
    if (step === 'RUN') {
      execFileSync('sh', ['-c', text], { cwd: build, stdio: 'pipe' })
    } else {
      const [target = '', ...sources] = text.split(' ').toReversed()
      for (const source of sources) {
        const to = sources.length > 1 ? join(target, source) : target
        cpSync(join(ROOT, source), join(build, to), { recursive: true })
      }
    }
  }
  const [, built = ''] = /^COPY --from=build \/app\/(\S+) /m.exec(second) ?? []
  const run = join(image.path, 'run')
  mkdirSync(run)
  copyFileSync(join(build, built), join(run, 'server.js'))
  rmSync(build, { recursive: true })
  const child = spawn(process.execPath, ['server.js'], { cwd: run, env: ENV })
  try {
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    const [, url = ''] = await until(() => /^server (http:\S+)$/m.exec(output))
    expect((await fetch(`${url}/config`)).status).toBe(200)
  } finally {
    await endProcess(child)
  }
})

test('the image runs as nobody special, and no secret gets into it', () => {
  const stages = dockerfile.split(/^FROM /m)
  expect(stages.at(-1)).toMatch(/^USER node$/m)
  expect(readFileSync(join(ROOT, '.dockerignore'), 'utf8')).toMatch(/^\*\*\/\.env$/m)
})
