import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from '../list-files'
import type { Problem } from './problem'
import { lineOf, references, resolve } from './references'
import { attribute, parseWxml, type Element } from './wxml'

/** The events of WeChat's own components that bubble, and those that do not. */
const EVENTS = new Set(
  `tap longpress longtap touchstart touchmove touchcancel touchend touchforcechange
  transitionend animationstart animationiteration animationend
  agreeprivacyauthorization animationfinish blur cancel change changing chooseavatar columnchange
  complete confirm contact dragend dragging dragstart ended error fail focus fullscreenchange
  getphonenumber getrealtimephonenumber getuserinfo input keyboardheightchange launchapp linechange
  load loadedmetadata opensetting pause pickend pickstart play progress refresherabort
  refresherpulling refresherrefresh refresherrestore reset resize scroll scrolldone scrolltolower
  scrolltoupper submit success timeupdate transition waiting`.split(/\s+/),
)

/** `dataset.id`, `dataset: { id }` and `{ id } = event.currentTarget.dataset`. */
const DATASET =
  /\bdataset(?:(?:\??\.|\[')(\w+)|:\s*\{([^{}]*)\})|\{([^{}]*)\}\s*=\s*[\w.]*\bdataset\b/g

/** What app.json, a page's .json or a component's .json may hold of interest here. */
interface Configuration {
  pages?: string[]
  subPackages?: { root: string; pages: string[] }[]
  component?: boolean
  usingComponents?: Record<string, string>
}

/**
 * Finds what WeChat's compilers let pass and DevTools rejects, or what fails silently on the phone:
 * pages and components without their files, imports of files that are not there, event attributes
 * without a colon, events that no component fires, `data-` attributes that no handler reads.
 *
 * @param root The mini program's folder, with its app.json.
 */
export function checkMiniProgram(root: string): Problem[] {
  const components = componentsIn(root)
  return [
    ...listFiles(root, ['.json']).flatMap((file) => checkJson(root, file)),
    ...listFiles(root, ['.wxml', '.wxs']).flatMap((file) => checkReferences(root, file)),
    ...listFiles(root, ['.wxml']).flatMap((file) => [
      ...checkEvents(root, file, components),
      ...checkDatasets(root, file),
    ]),
  ]
}

function checkJson(root: string, file: string): Problem[] {
  let configuration: Configuration
  try {
    configuration = readConfiguration(root, file)
  } catch (error) {
    return [{ file, message: (error as Error).message }]
  }
  const pages = file === 'app.json' ? pagesOf(configuration) : []
  const components = Object.entries(configuration.usingComponents ?? {})
  return [
    ...pages.flatMap((page) =>
      missingParts(root, page).map((part) => ({ file, message: `page ${page} has no ${part}` })),
    ),
    ...components.flatMap(([name, source]) =>
      checkComponent(root, resolve(file, source)).map((message) => ({
        file,
        message: `usingComponents ${name}: ${source} ${message}`,
      })),
    ),
  ]
}

function checkComponent(root: string, component: string): string[] {
  const parts = missingParts(root, component).map((part) => `has no ${part}`)
  const json = `${component}.json`
  if (!exists(root, json)) return [...parts, 'has no .json']
  try {
    return readConfiguration(root, json).component === true
      ? parts
      : [...parts, 'is not a component: its .json lacks "component": true']
  } catch {
    // Broken JSON is reported where it stands.
    return parts
  }
}

/** What a page or component lacks of its two obligatory files. */
function missingParts(root: string, base: string): string[] {
  const parts = [['.wxml'], ['.ts', '.js']]
  return parts
    .filter((extensions) => !extensions.some((extension) => exists(root, base + extension)))
    .map((extensions) => extensions.join(' or '))
}

function checkReferences(root: string, file: string): Problem[] {
  return references(root, file)
    .filter(({ target }) => !exists(root, target))
    .map(({ source, line }) => ({ file, line, message: `${source} does not exist` }))
}

/** The pages of the main package and of all subpackages. */
function pagesOf({ pages = [], subPackages = [] }: Configuration): string[] {
  const subPages = subPackages.flatMap(({ root, pages: own }) =>
    own.map((page) => `${root}/${page}`),
  )
  return [...pages, ...subPages]
}

/**
 * Finds a page that no compile mode of DevTools opens, and a mode that opens none.
 *
 * @param root The project's folder, with project.config.json.
 */
export function checkCompileModes(root: string): Problem[] {
  const file = 'project.config.json'
  const source = fs.readFileSync(path.join(root, file), 'utf8')
  const { miniprogramRoot, condition } = JSON.parse(source) as {
    miniprogramRoot: string
    condition: { miniprogram: { list: { name: string; pathName: string }[] } }
  }
  const app = readConfiguration(path.join(root, miniprogramRoot), 'app.json')
  const pages = pagesOf(app)
  const modes = condition.miniprogram.list
  const isOpened = (page: string) => modes.some(({ pathName }) => pathName === page)
  return [
    ...pages
      .filter((page) => !isOpened(page))
      .map((page) => ({ file, message: `no compile mode opens ${page}` })),
    ...modes
      .filter(({ pathName }) => !pages.includes(pathName))
      .map(({ name, pathName }) => {
        const line = lineOf(source, source.indexOf(`"${pathName}"`))
        return { file, line, message: `compile mode ${name}: there is no page ${pathName}` }
      }),
  ]
}

/** Tag -> the texts of the components that it may stand for. */
function componentsIn(root: string): Map<string, string> {
  const components = new Map<string, string>()
  for (const file of listFiles(root, ['.json'])) {
    for (const [tag, source] of Object.entries(usingComponents(root, file))) {
      const component = resolve(file, source)
      const texts = [scriptText(root, component), ...composedTexts(root, component)]
      components.set(tag, (components.get(tag) ?? '') + texts.join(''))
    }
  }
  return components
}

/** The texts of the components inside of one, whose composed events leave it. */
function composedTexts(root: string, component: string): string[] {
  const file = `${component}.json`
  if (!exists(root, file)) return []
  return Object.values(usingComponents(root, file))
    .map((source) => scriptText(root, resolve(file, source)))
    .filter((text) => text.includes('composed: true'))
}

function scriptText(root: string, component: string): string {
  const script = path.join(root, `${component}.ts`)
  return fs.existsSync(script) ? fs.readFileSync(script, 'utf8') : ''
}

function usingComponents(root: string, file: string): Record<string, string> {
  try {
    return readConfiguration(root, file).usingComponents ?? {}
  } catch {
    return {} // Broken JSON is reported where it stands.
  }
}

function checkEvents(root: string, file: string, components: Map<string, string>): Problem[] {
  const source = fs.readFileSync(path.join(root, file), 'utf8')
  return parseWxml(source).elements.flatMap((element) =>
    element.attributes.flatMap(({ name, index }) => {
      const message = eventProblem(element, name, components)
      return message === undefined ? [] : { file, line: lineOf(source, index), message }
    }),
  )
}

/**
 * `bindtap` works on a phone, but type checks and templates read only `bind:tap`, so a misspelt
 * handler behind the short form would go unseen. A component fires what its source names.
 */
function eventProblem(
  { tag }: Element,
  attribute: string,
  components: Map<string, string>,
): string | undefined {
  const prefix = /^((?:capture-)?(?:bind|catch)|mut-bind)(:?)(.+)/
  const [, how, colon, event = ''] = prefix.exec(attribute) ?? []
  if (how === undefined) return undefined
  if (!colon) return `${attribute}: write ${how}:${event}, with a colon`
  const isNamed = components.get(tag)?.includes(`'${event}'`) ?? false
  return isNamed || EVENTS.has(event) ? undefined : `<${tag}> fires no event ${event}`
}

/**
 * `data-row-id` gives `dataset.rowId`, which a handler reads: in the script beside, or in one that
 * pages share. The handlers of a template may be anywhere.
 */
function checkDatasets(root: string, file: string): Problem[] {
  const source = fs.readFileSync(path.join(root, file), 'utf8')
  const { elements } = parseWxml(source)
  const isTemplate = elements.some(
    (element) => element.tag === 'template' && attribute(element, 'name'),
  )
  const own = file.replace(/\.wxml$/, '.ts')
  const names = listFiles(root, ['.ts'])
    .filter(
      (script) => isTemplate || script === own || !exists(root, script.replace(/\.ts$/, '.wxml')),
    )
    .flatMap((script) => namesRead(fs.readFileSync(path.join(root, script), 'utf8')))
  return elements
    .flatMap(({ attributes }) => attributes)
    .filter(({ name }) => name.startsWith('data-') && !names.includes(datasetName(name)))
    .map(({ name, index }) => {
      const message = `${name}: no handler reads dataset.${datasetName(name)}`
      return { file, line: lineOf(source, index), message }
    })
}

function namesRead(script: string): string[] {
  return [...script.matchAll(DATASET)].flatMap((match) =>
    (match[1] ?? match[2] ?? match[3] ?? '').split(/\W+/),
  )
}

function datasetName(attribute: string): string {
  return attribute
    .slice('data-'.length)
    .toLowerCase()
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function readConfiguration(root: string, file: string): Configuration {
  return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as Configuration
}

function exists(root: string, file: string): boolean {
  return fs.existsSync(path.join(root, file))
}
