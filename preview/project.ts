import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** What the preview reads of app.json. */
export interface AppConfig {
  /** All pages, those of subpackages included. */
  pages: string[]
  subPackages?: { root: string; pages: string[] }[]
  window?: Record<string, unknown>
  usingComponents?: Record<string, string>
  themeLocation?: string
  networkTimeout?: Record<string, number>
}

/** What the preview reads of the .json file of a page or component. */
export interface ComponentConfig {
  component?: boolean
  styleIsolation?: string
  usingComponents?: Record<string, string>
  [key: string]: unknown
}

/** One page or custom component. `path` has no extension and is relative to the mini program. */
export interface ComponentSource {
  path: string
  config: ComponentConfig
  isPage: boolean
}

/** A mini program: its configuration, and every page and component that it can reach. */
export interface Project {
  source: string
  app: AppConfig
  theme: Record<string, Record<string, string>>
  components: ComponentSource[]
}

/**
 * Reads the JSON files of the mini program in `source`, following `usingComponents`.
 * @param pages the only ones to take; default: all of app.json
 */
export function readProject(source: string, pages?: string[]): Project {
  const { subPackages = [], ...main } = readJson<AppConfig>(path.join(source, 'app.json'))
  const subPages = subPackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`))
  const app = { ...main, pages: pages ?? [...main.pages, ...subPages] }
  const theme = app.themeLocation ? path.join(source, app.themeLocation) : undefined
  const found = new Map<string, ComponentSource>()

  const visit = (componentPath: string, isPage: boolean) => {
    if (found.has(componentPath)) return
    const config = readJson<ComponentConfig>(path.join(source, `${componentPath}.json`))
    const usingComponents = {
      ...absolute(app.usingComponents, 'app'),
      ...absolute(config.usingComponents, componentPath),
    }
    found.set(componentPath, {
      path: componentPath,
      config: { ...config, usingComponents },
      isPage,
    })
    for (const used of Object.values(usingComponents)) visit(used.slice(1), false)
  }
  for (const page of app.pages) visit(page, true)

  return { source, app, theme: theme ? readJson(theme) : {}, components: [...found.values()] }
}

/** The script of a page, component or app: TypeScript or JavaScript. */
export function scriptOf(source: string, scriptPath: string): string {
  const file = ['.ts', '.js'].map((extension) => path.join(source, scriptPath + extension))
  const found = file.find((candidate) => existsSync(candidate))
  if (!found) throw new Error(`${path.join(source, scriptPath)}.ts is missing`)
  return found
}

function absolute(usingComponents: Record<string, string> = {}, from: string) {
  return Object.fromEntries(
    Object.entries(usingComponents).map(([tag, reference]) => [
      tag,
      path.posix.resolve('/', path.posix.dirname(from), reference),
    ]),
  )
}

function readJson<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error })
  }
}
