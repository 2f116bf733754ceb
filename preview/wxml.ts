import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { TmplGroup } from 'glass-easel-template-compiler'

interface ParseError {
  message: string
  startLine: number
  startColumn: number
}

/**
 * Compiles templates, with everything they import or include, to one JavaScript expression: an
 * object of templates by path. Whatever the compiler complains about is an error with
 * file:line:column, because WeChat's own compiler refuses it too.
 */
export function compileWxml(source: string, paths: string[]): string {
  const group = new TmplGroup()
  const templates = new Set<string>()
  const scripts = new Set<string>()

  const addScript = (scriptPath: string) => {
    if (scripts.has(scriptPath)) return
    scripts.add(scriptPath)
    const text = read(path.join(source, `${scriptPath}.wxs`))
    group.addScript(scriptPath, fitWxs(text))
    for (const [, required = ''] of text.matchAll(/\brequire\(\s*['"]([^'"]+)\.wxs['"]\s*\)/g)) {
      addScript(path.posix.join(path.posix.dirname(scriptPath), required))
    }
  }

  const addTemplate = (templatePath: string) => {
    if (templates.has(templatePath)) return
    templates.add(templatePath)
    const file = path.join(source, `${templatePath}.wxml`)
    const [error] = group.addTmpl(templatePath, read(file)) as ParseError[]
    if (error) {
      const { message, startLine, startColumn } = error
      throw new Error(`${file}:${startLine + 1}:${startColumn + 1}: ${message}`)
    }
    for (const name of group.getInlineScriptModuleNames(templatePath) as string[]) {
      const script = group.getInlineScript(templatePath, name)
      group.setInlineScript(templatePath, name, fitWxs(script))
    }
    for (const imported of group.getDirectDependencies(templatePath) as string[]) {
      addTemplate(imported)
    }
    for (const script of group.getScriptDependencies(templatePath) as string[]) addScript(script)
  }

  for (const templatePath of paths) addTemplate(templatePath)
  return group.getTmplGenObjectGroups()
}

/**
 * Two things of WXS that the compiler (0.12.1) passes on to JavaScript unchanged: modules are
 * registered without `.wxs` but required with it, and in WXS `x.constructor` is a string.
 */
function fitWxs(text: string): string {
  return text
    .replace(/(\brequire\(\s*['"][^'"]+)\.wxs(['"])/g, '$1$2')
    .replace(/\.constructor\b(?!\.)/g, '.constructor.name')
}

function read(file: string): string {
  if (!existsSync(file)) throw new Error(`${file} is missing`)
  return readFileSync(file, 'utf8')
}
