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

/** Compilers as their packages are called here, each with the options that it has for the same. */
const COMPILERS = {
  typescript: { moduleResolution: 'bundler', verbatimModuleSyntax: true },
  'typescript-4.9': {
    moduleResolution: 'node',
    importsNotUsedAsValues: 'error',
    preserveValueImports: true,
  },
}

/** The newest typings, those that DevTools' template installs, and none, as in uni-app and Taro. */
const TYPINGS = ['miniprogram-api-typings', 'miniprogram-api-typings-2', undefined]

/**
 * Compiles what readers copy in the strictest projects that they may have: with the oldest and the
 * newest compiler and typings, and without typings.
 */
export async function checkOtherProjects(root: string): Promise<Problem[]> {
  const project = fs.mkdtempSync(path.join(os.tmpdir(), 'other-projects-'))
  try {
    for (const name of COPIED) {
      const source = path.join(root, 'miniprogram', name)
      fs.cpSync(source, path.join(project, name), { recursive: true })
    }
    const problems: Problem[] = []
    for (const [compiler, options] of Object.entries(COMPILERS)) {
      for (const typings of TYPINGS) {
        const typeRoots = [path.join(root, 'node_modules')]
        const types = typings ? [typings] : []
        const compilerOptions = { ...STRICT, ...options, typeRoots, types }
        const exclude = typings ? [] : PAGE_CODE
        const configuration = JSON.stringify({ compilerOptions, include: ['.'], exclude })
        fs.writeFileSync(path.join(project, 'tsconfig.json'), configuration)
        for (const { file, line, message } of await tsc(project, compiler)) {
          problems.push({
            file,
            line,
            message: `${message} (${compiler}, ${typings ?? 'no typings'})`,
          })
        }
      }
    }
    return problems
  } finally {
    fs.rmSync(project, { recursive: true, force: true, maxRetries: 5 })
  }
}
