import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from './list-files'
import type { Problem } from './problem'
import { lineOf, references, resolve, withoutComments } from './references'

/** What app.json, a page's .json or a component's .json may hold of interest here. */
interface Configuration {
  pages?: string[]
  component?: boolean
  usingComponents?: Record<string, string>
}

/**
 * Finds what WeChat's compilers let pass and DevTools rejects, or what fails silently on the phone:
 * pages and components without their files, imports of files that are not there, event attributes
 * without a colon.
 *
 * @param root The mini program's folder, with its app.json.
 */
export function checkMiniProgram(root: string): Problem[] {
  return [
    ...listFiles(root, ['.json']).flatMap((file) => checkJson(root, file)),
    ...listFiles(root, ['.wxml', '.wxs']).flatMap((file) => checkReferences(root, file)),
    ...listFiles(root, ['.wxml']).flatMap((file) => checkEvents(root, file)),
  ]
}

function checkJson(root: string, file: string): Problem[] {
  let configuration: Configuration
  try {
    configuration = readConfiguration(root, file)
  } catch (error) {
    return [{ file, message: (error as Error).message }]
  }
  const pages = file === 'app.json' ? (configuration.pages ?? []) : []
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

/**
 * `bindtap` works on a phone, but type checks and templates read only `bind:tap`, so a misspelt
 * handler behind the short form would go unseen.
 */
function checkEvents(root: string, file: string): Problem[] {
  const text = withoutComments(fs.readFileSync(path.join(root, file), 'utf8'), '.wxml')
  const attribute = /\s((?:capture-)?(?:bind|catch)|mut-bind)([a-z]\w*)\s*=\s*["']/g
  return [...text.matchAll(attribute)].map((match) => ({
    file,
    line: lineOf(text, match.index + 1),
    message: `${match[1]}${match[2]}: write ${match[1]}:${match[2]}, with a colon`,
  }))
}

function readConfiguration(root: string, file: string): Configuration {
  return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as Configuration
}

function exists(root: string, file: string): boolean {
  return fs.existsSync(path.join(root, file))
}
