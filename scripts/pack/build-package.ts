import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { transformSync } from '@babel/core'
import { listFiles } from '../shared/list-files'
import { npm } from '../shared/npm'
import { tsc } from '../shared/tsc'

const ROOT = path.join(__dirname, '../..')
/** The folder that "Build npm" of DevTools copies, as the `miniprogram` field says. */
const DIST = 'miniprogram_dist'
/** Bytes of the package, so that it stays what one adds without a thought. */
const MAX_PACKED = 60 * 1024

/** Modules of the package itself. Mini programs do not find the index of a folder. */
const ENTRIES = {
  'cos.ts': `export * from './cos/index'
export { default } from './cos/index'
`,
  'index.ts': `export * from './cos'
export { default } from './cos'
export { AbortController, type AbortSignal } from './transfer/abort'
export { contentTypeOf } from './transfer/content-type'
export * from './transfer/download-object'
export { asFailure, isTransient, type Failure, type FailureCode } from './transfer/failure'
export * from './transfer/multipart-upload'
export * from './transfer/object-key'
export * from './transfer/post-object'
export type { Progress } from './transfer/progress'
export * from './transfer/put-object'
export type { SignPostForm, SignRequest } from './transfer/signing'
export type { Uploaded } from './transfer/transfer'
export { discardUpload, unfinishedUploads, type UnfinishedUpload } from './transfer/unfinished-uploads'
`,
}

/**
 * Builds the npm package of `cos/` and `transfer/`: ES5 in CommonJS modules, with types.
 *
 * @param folder Where the package goes; made where it is missing.
 * @returns Its path.
 */
export async function buildPackage(folder: string): Promise<string> {
  const stage = fs.mkdtempSync(path.join(os.tmpdir(), 'pack-'))
  try {
    copySources(path.join(stage, 'src'))
    await writeTypes(stage)
    for (const file of listFiles(path.join(stage, 'src'))) writeScript(stage, file)
    fs.writeFileSync(path.join(stage, 'package.json'), JSON.stringify(manifest(), undefined, 2))
    fs.copyFileSync(path.join(__dirname, 'README.md'), path.join(stage, 'README.md'))
    fs.copyFileSync(path.join(ROOT, 'LICENSE'), path.join(stage, 'LICENSE'))
    fs.mkdirSync(folder, { recursive: true })
    const name = await npm(['pack', '--silent', '--pack-destination', folder], stage)
    const file = path.join(folder, name.trim())
    const { size } = fs.statSync(file)
    if (size > MAX_PACKED) throw new Error(`${file} has ${size} bytes, more than ${MAX_PACKED}`)
    return file
  } finally {
    fs.rmSync(stage, { recursive: true, force: true, maxRetries: 5 })
  }
}

function copySources(target: string): void {
  for (const folder of ['cos', 'transfer']) {
    const source = path.join(ROOT, 'miniprogram', folder)
    for (const file of listFiles(source, ['.ts'])) {
      fs.mkdirSync(path.join(target, folder), { recursive: true })
      fs.copyFileSync(path.join(source, file), path.join(target, folder, file))
    }
  }
  for (const [file, text] of Object.entries(ENTRIES))
    fs.writeFileSync(path.join(target, file), text)
}

async function writeTypes(stage: string): Promise<void> {
  const configuration = {
    extends: path.join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: 'src',
      outDir: DIST,
      typeRoots: [path.join(ROOT, 'node_modules')],
      types: ['miniprogram-api-typings'],
      skipLibCheck: true,
    },
    include: ['src'],
  }
  fs.writeFileSync(path.join(stage, 'tsconfig.json'), JSON.stringify(configuration))
  const problems = await tsc(stage)
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'))
}

function writeScript(stage: string, file: string): void {
  const filename = path.join(stage, 'src', file)
  const compiled = transformSync(fs.readFileSync(filename, 'utf8'), {
    filename,
    cwd: ROOT,
    babelrc: false,
    configFile: false,
    comments: false,
    minified: true,
    presets: [
      ['@babel/preset-env', { forceAllTransforms: true, modules: 'commonjs' }],
      ['@babel/preset-typescript', { onlyRemoveTypeImports: false }],
    ],
  })
  fs.writeFileSync(path.join(stage, DIST, file.replace(/ts$/, 'js')), `${compiled?.code}\n`)
}

function manifest(): object {
  const text = fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')
  const { name, version, description, license } = JSON.parse(text) as Record<string, string>
  const entry = (file: string) => ({
    types: `./${DIST}/${file}.d.ts`,
    default: `./${DIST}/${file}.js`,
  })
  return {
    name,
    version,
    description,
    license,
    miniprogram: DIST,
    main: `${DIST}/index.js`,
    types: `${DIST}/index.d.ts`,
    exports: { '.': entry('index'), './*': entry('*'), './package.json': './package.json' },
    // TypeScript with moduleResolution "node" does not read exports.
    typesVersions: { '*': { cos: [`${DIST}/cos.d.ts`], 'transfer/*': [`${DIST}/transfer/*`] } },
    files: [DIST],
    sideEffects: false,
  }
}
