import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build as bundle, type Plugin } from 'esbuild'
import { builtInNames } from './host/built-in-names'
import { readProject, scriptOf, type ComponentSource, type Project } from './project'
import { compileWxml } from './wxml'
import { compileWxss } from './wxss'

/** The mini program and its host as one script for the browser. */
export interface Build {
  script: string
  sourceMap: string
}

export interface BuildOptions {
  /** The only pages to take, the first one to open. Default: all. */
  pages?: string[]
  /** Replaces fields of the mini program's `config.ts`. */
  config?: { serverUrl: string; permanentKeyForm: boolean }
  /** CSS after that of the phone. */
  style?: string
  /** What stands below the page. Default: that it is a simulation. */
  note?: Record<'zh' | 'en', string>
  minify?: boolean
}

/**
 * Builds the mini program in the folder `source`, in memory.
 * Fails with an Error that names file:line:column when a WXML, WXSS or TypeScript file is wrong.
 */
export async function build(source: string, options: BuildOptions = {}): Promise<Build> {
  const { pages, config, minify = false } = options
  const project = readProject(source, pages)
  const { outputFiles } = await bundle({
    stdin: {
      contents: entry(project, options),
      resolveDir: source,
      sourcefile: 'preview-entry.js',
    },
    outfile: 'index.js',
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    sourcemap: 'linked',
    loader: { '.css': 'text' },
    nodePaths: [path.join(__dirname, '../node_modules')],
    minify,
    plugins: config ? [configPlugin(source, config)] : [],
    logLevel: 'silent',
  })
  const text = (extension: string) =>
    outputFiles.find((file) => file.path.endsWith(extension))?.text ?? ''
  return { script: text('.js'), sourceMap: text('.js.map') }
}

function configPlugin(source: string, config: BuildOptions['config']): Plugin {
  const file = path.join(source, 'config.ts')
  const fields = JSON.stringify(config)
  const contents = `${readFileSync(file, 'utf8')}\nObject.assign(config, ${fields})`
  return {
    name: 'config',
    setup({ onLoad }) {
      onLoad({ filter: /config\.ts$/ }, (loaded) =>
        loaded.path === file ? { contents, loader: 'ts' } : undefined,
      )
    },
  }
}

/** The entry script: it hands every file of the mini program to the host. */
function entry(project: Project, { style = '', note }: BuildOptions): string {
  const { source, app, theme, components } = project
  const templates = compileWxml(
    source,
    components.map((component) => component.path),
  )
  return `
    import { start } from ${JSON.stringify(path.join(__dirname, 'host/start.ts'))}
    const templates = ${templates}
    start({
      app: ${JSON.stringify(app)},
      theme: ${JSON.stringify(theme)},
      style: ${JSON.stringify(styleOf(project, 'app', {}) + style)},
      note: ${JSON.stringify(note)},
      load: () => ${requireScript(source, 'app')},
      templates,
      components: [${components.map((component) => componentEntry(project, component)).join(',')}],
    })`
}

function componentEntry(project: Project, component: ComponentSource): string {
  const { config, isPage } = component
  const isScoped =
    config.component && !['shared', 'page-shared'].includes(config.styleIsolation ?? '')
  const scope = isScoped ? component.path.replaceAll('/', '-') : undefined
  const page = isPage && !isScoped ? component.path : undefined
  return `{
    path: ${JSON.stringify(component.path)},
    config: ${JSON.stringify(config)},
    style: ${JSON.stringify(styleOf(project, component.path, { scope, page }))},
    scope: ${JSON.stringify(scope)},
    load: () => ${requireScript(project.source, component.path)},
  }`
}

function styleOf(
  { source }: Project,
  stylePath: string,
  owner: { scope?: string; page?: string },
): string {
  const file = path.join(source, `${stylePath}.wxss`)
  return existsSync(file) ? compileWxss(file, { ...owner, source, builtIns: builtInNames }) : ''
}

function requireScript(source: string, scriptPath: string): string {
  return `require(${JSON.stringify(scriptOf(source, scriptPath))})`
}
