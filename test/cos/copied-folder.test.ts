import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'
import { transformSync } from '@babel/core'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { transform } from 'esbuild'
import * as source from '../../miniprogram/cos'
import { tsc, type Diagnostic } from '../../scripts/shared/tsc'
import { tempDir } from '../helpers/temp-dir'
import sdk from '../vectors/sdk.json'

type Signer = typeof source

const COS_FOLDER = path.join(__dirname, '../../miniprogram/cos')
const KEYS = { SecretId: 'SECRETID', SecretKey: 'SECRETKEY' }
const OBJECT = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing', Key: '照片/a b.png' }
const NOW = 1_700_000_000
const Clock = () => NOW * 1000

const copy = tempDir()
afterAll(copy.remove)

beforeAll(() => {
  fs.cpSync(COS_FOLDER, path.join(copy.path, 'src/vendor/presign'), { recursive: true })
})

describe('copied alone into a strict project', () => {
  const compilerOptions = {
    exactOptionalPropertyTypes: true,
    target: 'ES2020',
    module: 'ESNext',
    moduleResolution: 'bundler',
    lib: ['ES2020'],
    types: [],
    strict: true,
    noEmit: true,
    isolatedModules: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noFallthroughCasesInSwitch: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
  }
  const app = `
    import COS from './vendor/presign/index'
    new COS({ SecretId: 'id', SecretKey: 'key' }).getObjectUrl({
      Bucket: 'examplebucket-1250000000',
      Region: 'ap-beijing',
      Key: 'a.jpg',
    })`
  const platformNames = ['wx', 'console', 'setTimeout', 'URL', 'TextEncoder', 'Buffer', 'process']
  let diagnostics: Diagnostic[]

  beforeAll(async () => {
    const write = (name: string, text: string) => fs.writeFileSync(path.join(copy.path, name), text)
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }))
    write('src/app.ts', app)
    write(
      'src/platform.ts',
      ['export {}', ...platformNames.map((name) => `void ${name}`)].join('\n'),
    )
    diagnostics = await tsc(copy.path)
  })

  test('it compiles, and so does what uses it', () => {
    expect(diagnostics.filter(({ file }) => file !== 'src/platform.ts')).toEqual([])
  })

  test('where nothing of WeChat, a browser or Node would', () => {
    const unknown = diagnostics.map(({ message }) => /^Cannot find name '(\w+)'/.exec(message)?.[1])
    expect(unknown).toEqual(platformNames)
  })
})

/** A file as Babel writes it for the oldest phones that DevTools serves. */
function toEs5(file: string): string {
  const result = transformSync(fs.readFileSync(file, 'utf8'), {
    filename: file,
    babelrc: false,
    configFile: false,
    comments: false,
    presets: [
      ['@babel/preset-env', { forceAllTransforms: true, modules: 'commonjs' }],
      ['@babel/preset-typescript', { onlyRemoveTypeImports: false }],
    ],
    cwd: path.join(__dirname, '../..'),
  })
  return result?.code ?? ''
}

/** Runs CommonJS modules with nothing around them but the language itself, and that without BigInt. */
function load(modules: Record<string, string>, entry: string): Signer {
  const context = vm.createContext(Object.create(null))
  vm.runInContext('delete globalThis.BigInt; delete globalThis.console', context)
  const loaded: Record<string, object> = {}
  const require = (name: string): object => {
    const exports = loaded[name]
    if (exports) return exports
    const code = modules[name]
    if (code === undefined) throw new Error(`${name} is not in the folder`)
    const run = vm.runInContext(`(function (exports, require) {${code}\n})`, context)
    run((loaded[name] = {}), require)
    return loaded[name]!
  }
  return require(entry) as Signer
}

/** What comes back or is thrown, without the classes of another realm. */
function outcome(run: () => unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(run()))
  } catch (error) {
    const { name, message, code } = error as source.SignerError
    return { name, message, code }
  }
}

describe('compiled to ES5', () => {
  let modules: Record<string, string>
  let signer: Signer

  beforeAll(() => {
    const files = fs.readdirSync(path.join(copy.path, 'src/vendor/presign'))
    modules = Object.fromEntries(
      files.map((file) => [
        `./${path.parse(file).name}`,
        toEs5(path.join(copy.path, 'src/vendor/presign', file)),
      ]),
    )
    signer = load(modules, './index')
  })

  test('it holds no newer syntax', async () => {
    // esbuild refuses what it cannot write in ES5: const, class, destructuring, for-of, async.
    for (const code of Object.values(modules)) {
      expect(code).not.toMatch(/=>|`/)
      await expect(transform(code, { target: 'es5' })).resolves.toBeDefined()
    }
  })

  interface Vector {
    id: string
    api: string
    now: number
    input?: object
    options?: object
    params?: object
    expected: string
  }

  const run = ({ default: COS }: Signer, { api, now, input, options, params }: Vector) =>
    outcome(() =>
      api === 'COS.getAuthorization'
        ? COS.getAuthorization({ ...input, Clock: () => now } as never)
        : new COS({ ...options, Clock: () => now }).getObjectUrl(params as never),
    )

  test('it answers as its source does', () => {
    const answers = (signer: Signer) =>
      (sdk.vectors as Vector[]).map((vector) => [vector.id, run(signer, vector)])
    expect(answers(signer)).toEqual(answers(source))
  })

  test('it signs as the official SDKs do', () => {
    const vectors = (sdk.vectors as Vector[]).filter(({ api }) => api === 'COS.getAuthorization')
    const same = vectors.filter((vector) => run(signer, vector) === vector.expected)
    expect(same.length).toBeGreaterThan(0.9 * vectors.length)
  })

  test('it makes forms and explains signatures', () => {
    const form = ({ postForm }: Signer) => outcome(() => postForm({ ...KEYS, ...OBJECT, Clock }))
    expect(form(signer)).toEqual(form(source))
    expect(form(signer)).toHaveProperty('Fields.policy')
    const url = new source.default({ ...KEYS, Clock }).getObjectUrl(OBJECT)
    const explained = ({ explain }: Signer) =>
      outcome(() => explain(url, { SecretKey: 'SECRETKEY' }))
    expect(explained(signer)).toEqual(explained(source))
    expect(explained(signer)).toHaveProperty('HttpString')
  })

  test('its promises settle', async () => {
    const key = {
      TmpSecretId: 'TMPID',
      TmpSecretKey: 'TMPKEY',
      SecurityToken: 'token',
      ExpiredTime: NOW + 1800,
    }
    const presigned = ({ default: COS }: Signer) =>
      new COS({ Clock, getAuthorization: (_, callback) => callback(key) }).presign(OBJECT)
    const signed = await presigned(signer)
    expect(signed.Url).toContain('x-cos-security-token=token')
    expect({ ...signed }).toEqual({ ...(await presigned(source)) })
  })

  test('its errors are told apart by name and code, without instanceof', async () => {
    const { default: COS } = signer
    const rejected = await new COS().presign(OBJECT).catch((error: unknown) => error)
    expect(
      outcome(() => {
        throw rejected
      }),
    ).toMatchObject({ name: 'Error', code: 'NO_CREDENTIALS' })
    const old = new COS({ ...KEYS, ExpiredTime: NOW - 10, Clock })
    expect(outcome(() => old.getObjectUrl(OBJECT))).toMatchObject({
      name: 'Error',
      code: 'CREDENTIALS_EXPIRED',
    })
    expect(outcome(() => old.getObjectUrl({ ...OBJECT, Region: 'COS_REGION' }))).toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining('Region'),
    })
  })
})
