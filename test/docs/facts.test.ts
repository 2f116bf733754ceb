/** What the documents say of the code, held against the code. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { buildSync } from 'esbuild'
import { MAX_DOWNLOAD_BYTES } from '../../miniprogram/transfer/download-object'
import { MAX_PUT_BYTES } from '../../miniprogram/transfer/put-object'
import {
  MAX_PART_SIZE,
  MAX_MULTIPART_BYTES,
  partSizeFor,
} from '../../miniprogram/transfer/part-size'
import packageJson from '../../package.json'
import projectConfig from '../../project.config.json'
import { checkSize } from '../../scripts/check/size'
import { checkSteps } from '../../scripts/check/steps'
import { parseStartOptions } from '../../scripts/start/options'
import { readConfig } from '../../server/config'
import { createPolicy, PURPOSES } from '../../server/policy'
import { tempDir } from '../helpers/temp-dir'
import { blocks, codeSpans, read, ROOT } from './documents'

const KB = 1024
const MB = 1024 * KB
const GB = 1024 * MB

const FOLDERS = ['miniprogram', 'miniprogram/transfer', 'preview', 'scripts', 'test']

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  const text = read(file)

  test('gives the sizes of the signer and of the official SDK', () => {
    const { outputFiles } = buildSync({
      entryPoints: [join(ROOT, 'miniprogram/cos/index.ts')],
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    })
    const sdk = join(ROOT, 'node_modules/cos-wx-sdk-v5/dist/cos-wx-sdk-v5.min.js')
    const kilobytes = (code: Uint8Array) => Math.round(gzipSync(code, { level: 9 }).length / KB)
    const [ours, theirs] = [outputFiles[0]!.contents, readFileSync(sdk)].map(kilobytes)
    expect(text.match(/\d+ KB\b/g)).toEqual([`${ours} KB`, `${theirs} KB`])
    expect(read('CHANGELOG.md')).toContain(`${ours} KB gzipped`)
  })

  test('gives the limits of each way', () => {
    const limits = [...text.matchAll(/^\| (?:upload|download|上传|下载)[^|]*?(\d+) MB/gm)]
    expect(limits.map(([, limit]) => Number(limit) * MB)).toEqual([
      MAX_PUT_BYTES,
      MAX_DOWNLOAD_BYTES,
    ])
    const options = read(file.replace('README', 'docs/options'))
    expect(options).toMatch(new RegExp(`1 (?:to|至) ${MAX_PART_SIZE / MB} MB`))
  })

  test('is a page that is read to its end', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(170)
  })

  test('gives the ports of npm start, and the oldest Node.js', () => {
    const { previewPort, serverPort, cloudPort, controlPort } = parseStartOptions([])
    const ports = [...text.matchAll(/^\| `[a-z ]+ …:(\d+)`/gm)].map(([, port]) => Number(port))
    expect(ports).toEqual([previewPort, serverPort, cloudPort, controlPort])
    expect(text).toContain(`http://127.0.0.1:${previewPort}/`)
    expect(`>=${/Node\.js (\d+\.\d+)/.exec(text)?.[1]}`).toBe(packageJson.engines.node)
  })

  test('gives the life of a temporary key', () => {
    const { credentialsSeconds } = readConfig({ STS_ENDPOINT: 'http://127.0.0.1:9000' })
    expect(text).toMatch(new RegExp(`${credentialsSeconds / 60} (?:minutes|分钟)`))
  })
})

describe.each(['docs/production.md', 'docs/production.zh-CN.md'])('%s', (file) => {
  const text = read(file)

  test('lets the sub-account do what temporary keys may do, and nothing else', () => {
    const [json = ''] = blocks(text, 'json')
    const { statement } = JSON.parse(json) as { statement: { action: string[] }[] }
    const config = readConfig({ STS_ENDPOINT: 'http://127.0.0.1:9000' })
    const granted = PURPOSES.flatMap((purpose) => {
      const policy = JSON.parse(createPolicy(config, purpose, 'users/1/*')) as typeof STATEMENTS
      return policy.statement.flatMap(({ effect, action }) => (effect === 'allow' ? action : []))
    })
    const actions = statement.flatMap(({ action }) => action)
    expect(actions.toSorted()).toEqual([...granted, 'sts:GetFederationToken'].toSorted())
  })

  test('counts the parts of a large file', () => {
    const [, parts, size] = /1 GB .*?(\d+)[^\d]+?(\d+) MB/.exec(text) ?? []
    expect(partSizeFor(GB)).toBe(Number(size) * MB)
    expect(Math.round(GB / partSizeFor(GB) / 10) * 10).toBe(Number(parts))
  })
})

declare const STATEMENTS: { statement: { effect: string; action: string[] }[] }

describe.each(['docs/device.md', 'docs/device.zh-CN.md'])('%s', (file) => {
  test('explains every setting of project.config.json', () => {
    const { setting, ...rest } = projectConfig
    const settings = [
      ...Object.keys(rest),
      ...Object.keys(setting).map((name) => `setting.${name}`),
    ]
    const explained = codeSpans(read(file))
    expect(settings.filter((name) => !explained.includes(name))).toEqual([])
  })
})

describe.each(['docs/troubleshooting.md', 'docs/troubleshooting.zh-CN.md'])('%s', (file) => {
  test('gives the limit of a multipart upload', () => {
    expect(read(file)).toContain(`${Math.floor(MAX_MULTIPART_BYTES / GB)} GB`)
  })
})

describe('CONTRIBUTING.md', () => {
  const text = read('CONTRIBUTING.md')
  const spans = codeSpans(text)

  test('has a reason for every dependency, and names no other', () => {
    const { dependencies, devDependencies, overrides } = packageJson
    const installed = Object.keys({ ...dependencies, ...devDependencies })
    const [, tables = ''] = text.split('## Dependencies')
    const rows = tables.match(/^\| `.+?\|/gm) ?? []
    const explained = rows.flatMap((row) => codeSpans(row))
    expect(explained.toSorted()).toEqual(installed.toSorted())
    expect(Object.keys(overrides).filter((name) => !spans.includes(name))).toEqual([])
  })

  test('is right that no dependency may run an install script', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { hasInstallScript?: boolean }>
    }
    const scripted = Object.keys(packages).filter((path) => packages[path]!.hasInstallScript)
    const names = scripted.map((path) => path.replace(/^.*node_modules\//, ''))
    expect(packageJson.allowScripts).toEqual(Object.fromEntries(names.map((name) => [name, false])))
  })

  test('and CHANGELOG.md name the version of package.json, and the file of its release', () => {
    const { name, version } = packageJson
    const [, entry = ''] = read('CHANGELOG.md').split(`\n## [${version}] - `)
    expect(entry).toMatch(/^\d{4}-\d\d-\d\d\n/)
    for (const document of [entry, text]) expect(document).toContain(`${name}-${version}.tgz`)
  })

  test('is a page that is read to its end', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(90)
  })

  test('names steps of the check that are there', () => {
    const named = [...text.matchAll(/check ((?:`[^`]+`(?:, )?)+)/g)].map(([, steps]) => steps!)
    const steps = checkSteps(ROOT).map(({ name }) => name)
    expect(named.length).toBeGreaterThan(5)
    expect(named.flatMap(codeSpans).filter((name) => !steps.includes(name))).toEqual([])
  })

  test('gives the sizes that the check allows', async () => {
    const app = tempDir()
    writeFileSync(join(app.path, 'app.json'), '{ "pages": [] }')
    const { note } = await checkSize(app.path, projectConfig)
    app.remove()
    const allowed = [...note.matchAll(/of (\d+)\.0 KB/g)].map(([, kilobytes]) => `${kilobytes} KB`)
    expect(text.match(/\d+ KB\b/g)).toEqual(allowed)
  })

  test('names tests, files and folders that are there', () => {
    const paths = spans.filter((span) =>
      /^(test|miniprogram|server|docs|preview|local-cloud)\//.test(span),
    )
    expect(paths.length).toBeGreaterThan(10)
    // Of a pair of documents, the name before the language; server/.env is the reader's.
    const isThere = (path: string) =>
      [path, `${path}.md`, `${path}.example`].some((name) => existsSync(join(ROOT, name)))
    expect(paths.filter((path) => !isThere(path))).toEqual([])
  })
})

describe.each(FOLDERS)('%s/README.md', (folder) => {
  test('names files that are there', () => {
    const [, ...rows] = read(`${folder}/README.md`).match(/^\| .*$/gm) ?? []
    const names = rows.flatMap((row) => codeSpans(row.split('|')[1] ?? ''))
    const files = names.filter((name) => /^[\w./-]+\.\w+$/.test(name))
    expect(files.filter((name) => !isThere(`${folder}/${name}`))).toEqual([])
  })
})

test('miniprogram/transfer/README.md names every file', () => {
  const files = readdirSync(join(ROOT, 'miniprogram/transfer')).filter((file) =>
    file.endsWith('.ts'),
  )
  const named = codeSpans(read('miniprogram/transfer/README.md'))
  expect(files.filter((file) => !named.includes(file))).toEqual([])
})

/** A `*` stands for any name. */
function isThere(path: string): boolean {
  return path.includes('*') || existsSync(join(ROOT, path))
}
