import fs from 'node:fs'
import path from 'node:path'
import { readFiles } from '../shared/list-files'
import { jsonProblems, type Problem } from './problem'
import { lineOf, pagesOf, references, usedComponents, type Component } from './references'
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

/** Path below the mini program -> text. */
type Files = Map<string, string>

/**
 * Finds what WeChat's compilers let pass and DevTools rejects, or what fails silently on the phone:
 * pages, components and templates that are named and not there, event attributes without a colon,
 * events that no component fires, `data-` attributes that no handler reads.
 *
 * @param root The mini program's folder, with its app.json.
 */
export function checkMiniProgram(root: string): Problem[] {
  const files = readFiles(root, ['.json', '.ts', '.wxml', '.wxs'])
  const inFiles = (extension: string) => [...files].filter(([file]) => file.endsWith(extension))
  const unreadable = inFiles('.json').flatMap(([file, text]) => jsonProblems(text, { file }))
  if (unreadable.length > 0) return unreadable
  const used = inFiles('.json').flatMap(([file, text]) => usedComponents(file, text))
  return [
    ...missingParts(files, used),
    ...[...inFiles('.wxml'), ...inFiles('.wxs')]
      .flatMap(([file, text]) => references(file, text))
      .filter(({ target }) => !files.has(target))
      .map(({ file, line, source }) => ({ file, line, message: `${source} does not exist` })),
    ...inFiles('.wxml').flatMap(([file, text]) => checkAttributes(files, used, file, text)),
  ]
}

/** Pages and components that lack one of their files, or what says that they are components. */
function missingParts(files: Files, used: Component[]): Problem[] {
  const app = 'app.json'
  const pages = pagesOf(files.get(app) ?? '').map((target) => {
    return { file: app, what: `page ${target}`, target, parts: ['.wxml', '.ts'] }
  })
  const components = used.map(({ file, tag, source, target }) => {
    const what = `usingComponents ${tag}: ${source}`
    return { file, what, target, parts: ['.wxml', '.ts', '.json'] }
  })
  const isOther = (json: string | undefined) => json && !/"component":\s*true/.test(json)
  return [
    ...[...pages, ...components].flatMap(({ file, what, target, parts }) =>
      parts
        .filter((part) => !files.has(target + part))
        .map((part) => ({ file, message: `${what} has no ${part}` })),
    ),
    ...components
      .filter(({ target }) => isOther(files.get(`${target}.json`)))
      .map(({ file, what }) => {
        return { file, message: `${what} is not a component: its .json lacks "component": true` }
      }),
  ]
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
  const app = fs.readFileSync(path.join(root, miniprogramRoot, 'app.json'), 'utf8')
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

/** What the components hold that a tag may stand for, and those in them whose events leave them. */
function scriptsOf(files: Files, used: Component[], tag: string): string {
  const script = ({ target }: Component) => files.get(`${target}.ts`) ?? ''
  const components = used.filter((one) => one.tag === tag)
  const inner = used.filter(({ file }) =>
    components.some(({ target }) => file === `${target}.json`),
  )
  const composed = inner.map(script).filter((text) => text.includes('composed: true'))
  return [...components.map(script), ...composed].join('')
}

/** What is wrong with the events and the `data-` attributes of a .wxml file. */
function checkAttributes(files: Files, used: Component[], file: string, source: string): Problem[] {
  const { elements } = parseWxml(source)
  const names = namesRead(files, file, elements)
  return elements.flatMap(({ tag, attributes }) =>
    attributes.flatMap(({ name, index }) => {
      const message =
        eventProblem(tag, name, scriptsOf(files, used, tag)) ?? datasetProblem(name, names)
      return message === undefined ? [] : { file, line: lineOf(source, index), message }
    }),
  )
}

/**
 * `bindtap` works on a phone, but type checks and templates read only `bind:tap`, so a misspelled
 * handler behind the short form would go unseen. A component fires what its source names.
 */
function eventProblem(tag: string, attribute: string, scripts: string): string | undefined {
  const prefix = /^((?:capture-)?(?:bind|catch)|mut-bind)(:?)(.+)/
  const [, how, colon, event = ''] = prefix.exec(attribute) ?? []
  if (how === undefined) return undefined
  if (!colon) return `${attribute}: write ${how}:${event}, with a colon`
  const isFired = EVENTS.has(event) || scripts.includes(`'${event}'`)
  return isFired ? undefined : `<${tag}> fires no event ${event}`
}

/** `data-row-id` gives `dataset.rowId`. */
function datasetProblem(attribute: string, names: Set<string>): string | undefined {
  const [, dashed] = /^data-(.+)/.exec(attribute) ?? []
  const name = dashed?.toLowerCase().replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  if (name === undefined || names.has(name)) return undefined
  return `${attribute}: no handler reads dataset.${name}`
}

/**
 * What handlers read of a `dataset`: in the script beside a .wxml file, or in one that pages share.
 * The handlers of a template may be anywhere.
 */
function namesRead(files: Files, file: string, elements: Element[]): Set<string> {
  const isTemplate = elements.some(
    (element) => element.tag === 'template' && attribute(element, 'name'),
  )
  const scripts = [...files].filter(([script]) => {
    const template = script.replace(/\.ts$/, '.wxml')
    return script.endsWith('.ts') && (isTemplate || template === file || !files.has(template))
  })
  const matches = scripts.flatMap(([, text]) => [...text.matchAll(DATASET)])
  return new Set(matches.flatMap(([, ...names]) => names.join(' ').split(/\W+/)))
}
