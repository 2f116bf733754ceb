import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { tsc } from '../shared/tsc'
import type { Problem } from './problem'

/** What readers copy, and the file that `signing/` imports. */
const COPIED = ['cos', 'transfer', 'signing', 'samples', 'config.ts']
/** Of these, what calls `wx` as a page does: it needs typings. */
const PAGE_CODE = ['samples']

const STRICT = {
  target: 'ES2020',
  module: 'ESNext',
  lib: ['ES2020'],
  strict: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noEmit: true,
  skipLibCheck: true, // the old typings have mistakes of their own
}

/** What a reader may have: a compiler and typings by their packages' names here. */
const PROJECTS = [
  { compiler: 'typescript', typings: 'miniprogram-api-typings' },
  // DevTools' template installs typings 2.
  { compiler: 'typescript-4.9', typings: 'miniprogram-api-typings-2' },
  // uni-app and Taro have typings of their own.
  { compiler: 'typescript', typings: undefined },
]

/** Options that have other names, or are new, in a compiler. */
const OPTIONS: Record<string, object> = {
  typescript: { moduleResolution: 'bundler', verbatimModuleSyntax: true },
  'typescript-4.9': {
    moduleResolution: 'node',
    importsNotUsedAsValues: 'error',
    preserveValueImports: true,
  },
}

/**
 * Compiles what readers copy in the strictest projects that they may have, the oldest and the newest.
 */
export async function checkOtherProjects(root: string): Promise<Problem[]> {
  const project = fs.mkdtempSync(path.join(os.tmpdir(), 'other-projects-'))
  try {
    for (const name of COPIED) {
      const source = path.join(root, 'miniprogram', name)
      fs.cpSync(source, path.join(project, name), { recursive: true })
    }
    const problems: Problem[] = []
    for (const { compiler, typings } of PROJECTS) {
      const compilerOptions = {
        ...STRICT,
        ...OPTIONS[compiler],
        typeRoots: [path.join(root, 'node_modules')],
        types: typings ? [typings] : [],
      }
      const exclude = typings ? [] : PAGE_CODE
      const configuration = JSON.stringify({ compilerOptions, include: ['.'], exclude })
      fs.writeFileSync(path.join(project, 'tsconfig.json'), configuration)
      for (const { file, line, message } of await tsc(project, compiler)) {
        const where = `${compiler}, ${typings ?? 'no typings'}`
        problems.push({ file, line, message: `${message} (${where})` })
      }
    }
    return problems
  } finally {
    fs.rmSync(project, { recursive: true, force: true, maxRetries: 5 })
  }
}
