import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from '../shared/list-files'
import { pagesOf, readApp } from './app-json'
import type { Problem } from './problem'
import { lineOf, references, usedComponents } from './references'
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

/**
 * Finds what WeChat's compilers let pass and DevTools rejects, or what fails silently on the phone:
 * pages, components and templates that are named and not there, event attributes without a colon,
 * events that no component fires, `data-` attributes that no handler reads.
 *
 * @param root The mini program's folder, with its app.json.
 */
export function checkMiniProgram(root: string): Problem[] {
  const unreadable = listFiles(root, ['.json']).flatMap((file) => checkJson(root, file))
  if (unreadable.length > 0) return unreadable
  const components = componentsIn(root)
  return [
    ...missingFiles(root),
    ...listFiles(root, ['.wxml']).flatMap((file) => [
      ...checkEvents(root, file, components),
      ...checkDatasets(root, file),
    ]),
  ]
}

function checkJson(root: string, file: string): Problem[] {
  try {
    JSON.parse(read(root, file))
    return []
  } catch (error) {
    return [{ file, message: (error as Error).message }]
  }
}

function missingFiles(root: string): Problem[] {
  const missing = (base: string, ...extensions: string[]) =>
    extensions
      .filter((extension) => !exists(root, base + extension))
      .map((part) => `has no ${part}`)
  const undeclared = (json: string) =>
    exists(root, json) && !/"component":\s*true/.test(read(root, json))
      ? ['is not a component: its .json lacks "component": true']
      : []
  const pages = pagesOf(readApp(root)).flatMap((page) =>
    missing(page, '.wxml', '.ts').map((what) => ({
      file: 'app.json',
      message: `page ${page} ${what}`,
    })),
  )
  const components = listFiles(root, ['.json']).flatMap((file) =>
    usedComponents(root, file).flatMap(({ tag, source, target }) =>
      [...missing(target, '.wxml', '.ts', '.json'), ...undeclared(`${target}.json`)].map(
        (what) => ({
          file,
          message: `usingComponents ${tag}: ${source} ${what}`,
        }),
      ),
    ),
  )
  const templates = listFiles(root, ['.wxml', '.wxs']).flatMap((file) =>
    references(root, file)
      .filter(({ target }) => !exists(root, target))
      .map(({ source, line }) => ({ file, line, message: `${source} does not exist` })),
  )
  return [...pages, ...components, ...templates]
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
  const pages = pagesOf(readApp(path.join(root, miniprogramRoot)))
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

/** Tag -> the texts of the components that it may stand for, and of those whose events leave them. */
function componentsIn(root: string): Map<string, string> {
  const components = new Map<string, string>()
  const text = (component: string) =>
    exists(root, `${component}.ts`) ? read(root, `${component}.ts`) : ''
  for (const file of listFiles(root, ['.json'])) {
    for (const { tag, target } of usedComponents(root, file)) {
      const json = `${target}.json`
      const inner = exists(root, json) ? usedComponents(root, json) : []
      const composed = inner.map((one) => text(one.target))
      const texts = [text(target), ...composed.filter((one) => one.includes('composed: true'))]
      components.set(tag, (components.get(tag) ?? '') + texts.join(''))
    }
  }
  return components
}

function checkEvents(root: string, file: string, components: Map<string, string>): Problem[] {
  const source = read(root, file)
  return parseWxml(source).elements.flatMap((element) =>
    element.attributes.flatMap(({ name, index }) => {
      const message = eventProblem(element, name, components)
      return message === undefined ? [] : { file, line: lineOf(source, index), message }
    }),
  )
}

/**
 * `bindtap` works on a phone, but type checks and templates read only `bind:tap`, so a misspelled
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
  const source = read(root, file)
  const { elements } = parseWxml(source)
  const isTemplate = elements.some(
    (element) => element.tag === 'template' && attribute(element, 'name'),
  )
  const own = file.replace(/\.wxml$/, '.ts')
  const names = listFiles(root, ['.ts'])
    .filter(
      (script) => isTemplate || script === own || !exists(root, script.replace(/\.ts$/, '.wxml')),
    )
    .flatMap((script) => namesRead(read(root, script)))
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

function read(root: string, file: string): string {
  return fs.readFileSync(path.join(root, file), 'utf8')
}

function exists(root: string, file: string): boolean {
  return fs.existsSync(path.join(root, file))
}
