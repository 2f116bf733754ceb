import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { transform } from 'esbuild'
import { createRequire } from 'node:module'
import type COS from '../../miniprogram/cos/index'
import type { putObject } from '../../miniprogram/transfer/put-object'
import { listFiles } from '../../scripts/shared/list-files'
import { npm } from '../../scripts/shared/npm'
import { buildPackage } from '../../scripts/pack/build-package'
import { tsc } from '../../scripts/shared/tsc'
import { blocks } from '../docs/documents'
import { installNodeWx } from '../helpers/node-wx'
import { tempDir } from '../helpers/temp-dir'
import { ACCOUNT, startTransferCloud } from '../transfer/cloud'

const ROOT = path.join(__dirname, '../..')
const NAME = 'cos-presign-miniprogram'

/** An empty project, in which somebody installs the package. */
const project = tempDir()
const installed = path.join(project.path, 'node_modules', NAME)
let tarball: string

const write = (file: string, text: string) => fs.writeFileSync(path.join(project.path, file), text)

beforeAll(async () => {
  tarball = await buildPackage(path.join(project.path, 'dist'))
  write('package.json', '{ "private": true }')
  await npm(['install', '--offline', '--no-audit', '--no-fund', tarball], project.path)
})
afterAll(project.remove)

describe('the package', () => {
  test('holds compiled modules with their types, and nothing of the sources', () => {
    const modules = ['cos', 'transfer'].flatMap((folder) =>
      listFiles(path.join(ROOT, 'miniprogram', folder), ['.ts']).map((file) => `${folder}/${file}`),
    )
    const files = [...modules, 'cos.ts', 'index.ts'].flatMap((file) => [
      `miniprogram_dist/${file.replace(/ts$/, 'js')}`,
      `miniprogram_dist/${file.replace(/ts$/, 'd.ts')}`,
    ])
    expect(listFiles(installed)).toEqual(
      ['LICENSE', 'README.md', 'package.json', ...files].toSorted(),
    )
  })

  test('says where DevTools finds it, depends on nothing, and is small', () => {
    const manifest = JSON.parse(fs.readFileSync(path.join(installed, 'package.json'), 'utf8'))
    expect(manifest).toMatchObject({
      name: NAME,
      license: 'MIT',
      miniprogram: 'miniprogram_dist',
      main: 'miniprogram_dist/index.js',
    })
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest).not.toHaveProperty('private')
    expect(fs.statSync(tarball).size).toBeLessThanOrEqual(60 * 1024)
  })

  test('is ES5', async () => {
    const dist = path.join(installed, 'miniprogram_dist')
    for (const file of listFiles(dist, ['.js'])) {
      const code = fs.readFileSync(path.join(dist, file), 'utf8')
      expect(code).not.toMatch(/=>/)
      await expect(transform(code, { target: 'es5' })).resolves.toBeDefined()
    }
  })
})

test('every entry loads without wx, where it was installed', () => {
  const entries = listFiles(path.join(ROOT, 'miniprogram/transfer'), ['.ts'])
    .map((file) => `${NAME}/transfer/${path.parse(file).name}`)
    .concat(NAME, `${NAME}/cos`)
  const script = `const names = ${JSON.stringify(entries)}.map((entry) => Object.keys(require(entry)))
    console.log(JSON.stringify(names.at(-2)))`
  const exported = execFileSync(process.execPath, ['-e', script], { cwd: project.path })
  expect(JSON.parse(exported.toString())).toEqual(
    expect.arrayContaining([
      'default',
      'putObject',
      'postObject',
      'multipartUpload',
      'downloadObject',
      'unfinishedUploads',
      'AbortController',
      'PAUSE',
      'asFailure',
    ]),
  )
})

describe('what is installed', () => {
  const load = <Module>(entry: string) =>
    createRequire(path.join(project.path, 'package.json'))(`${NAME}/${entry}`) as Module

  test('signs as cos-nodejs-sdk-v5 does', () => {
    const { default: Signer } = load<{ default: typeof COS }>('cos')
    const sdk = createRequire(__filename)('cos-nodejs-sdk-v5') as typeof COS
    const keys = { SecretId: 'SECRETID', SecretKey: 'SECRETKEY' }
    const request = {
      Method: 'PUT' as const,
      Key: '照片/a b+c (1)&.png',
      Query: { 'x-id': 'a b' },
      Headers: { 'Content-Type': 'image/png' },
    }
    const now = Date.now
    Date.now = () => 1_700_000_000_000
    const [ours, theirs] = [Signer, sdk].map((signer) =>
      signer.getAuthorization({ ...keys, ...request }),
    )
    Date.now = now
    expect(ours).toBe(theirs)
  })

  test('uploads to COS', async () => {
    const cloud = await startTransferCloud()
    const env = installNodeWx()
    const { default: Signer } = load<{ default: typeof COS }>('cos')
    const { signRequest } = new Signer({ ...ACCOUNT, Domain: cloud.host })
    const transfer = load<{ putObject: typeof putObject }>('transfer/put-object')
    const bytes = Buffer.from('你好，COS')
    const uploaded = await transfer.putObject({
      key: 'a b.txt',
      filePath: env.wx.addTempFile(bytes),
      contentType: 'text/plain',
      signRequest,
    })
    expect(uploaded).toMatchObject({ key: 'a b.txt', size: bytes.length, verified: true })
    expect(await cloud.read('a b.txt')).toEqual(bytes)
    await env.restore()
    await cloud.stop()
  })
})

/** Named entries, and the same from the package itself. */
const APP = `import COS, { AbortController, putObject, type Uploaded } from '${NAME}'
import Signer from '${NAME}/cos'
import { putObject as put } from '${NAME}/transfer/put-object'
const { signRequest } = new COS({ Bucket: 'examplebucket-1250000000', Region: 'ap-beijing' })
const options = { key: 'a', data: 'a', contentType: 'text/plain', signRequest }
export const uploads: Promise<Uploaded>[] = [
  putObject({ ...options, signal: new AbortController().signal }),
  put({ ...options, signRequest: new Signer().signRequest }),
]
// @ts-expect-error: there is no such option
void put({ ...options, contentTyp: 'a' })
`

test.each([
  ['typescript', { moduleResolution: 'bundler' }],
  ['typescript-4.9', { moduleResolution: 'node' }],
])('%s knows the types of what is installed', async (compiler, options) => {
  const [example = ''] = blocks(fs.readFileSync(path.join(installed, 'README.md'), 'utf8'), 'ts')
  write('app.ts', APP)
  write('example.ts', example)
  write('wx.d.ts', 'declare const wx: { request(option: object): void }\n')
  const compilerOptions = {
    target: 'ES2020',
    module: 'ESNext',
    lib: ['ES2020'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noImplicitAny: false, // the example is for a project with the typings of wx
    noEmit: true,
    ...options,
  }
  write(
    'tsconfig.json',
    JSON.stringify({ compilerOptions, files: ['app.ts', 'example.ts', 'wx.d.ts'] }),
  )
  expect(await tsc(project.path, compiler)).toEqual([])
})
