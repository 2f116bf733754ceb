/**
 * By hand: installs the package of `npm run pack` in an empty project, and lets WeChat's own "Build npm"
 * take it. The tool is large, so npm fetches it only here.
 */
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { listFiles } from '../shared/list-files'
import { MINIPROGRAM_CI, npm } from '../shared/npm'
import { buildPackage } from './build-package'

interface BuildNpm {
  packNpmManually(options: {
    packageJsonPath: string
    miniprogramNpmDistDir: string
  }): Promise<unknown>
}

void main()

async function main(): Promise<void> {
  const project = fs.mkdtempSync(path.join(os.tmpdir(), 'build-npm-'))
  try {
    const tool = emptyPackage(path.join(project, 'tool'))
    const app = emptyPackage(path.join(project, 'app'))
    await npm(['install', '--no-audit', '--ignore-scripts', MINIPROGRAM_CI], tool)
    await npm(['install', '--offline', '--no-audit', await buildPackage(project)], app)
    const { packNpmManually } = createRequire(path.join(tool, 'package.json'))(
      'miniprogram-ci',
    ) as BuildNpm
    const result = await packNpmManually({
      packageJsonPath: path.join(app, 'package.json'),
      miniprogramNpmDistDir: app,
    })
    console.log(result)
    console.log(listFiles(path.join(app, 'miniprogram_npm')).join('\n'))
  } finally {
    fs.rmSync(project, { recursive: true, force: true, maxRetries: 5 })
  }
}

function emptyPackage(folder: string): string {
  fs.mkdirSync(folder)
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }')
  return folder
}
