import fs from 'node:fs'
import path from 'node:path'

/**
 * Every file below a folder whose name ends with one of the extensions, or with any where none is
 * given: paths below that folder, sorted, with `/` on every system. `node_modules` and hidden folders are left out.
 */
export function listFiles(root: string, extensions: string[] = []): string[] {
  const entries = fs.readdirSync(root, { withFileTypes: true })
  return entries
    .flatMap((entry) => {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) return []
      if (entry.isDirectory()) {
        const below = listFiles(path.join(root, entry.name), extensions)
        return below.map((file) => `${entry.name}/${file}`)
      }
      const isMeant = extensions.length === 0 || extensions.includes(path.extname(entry.name))
      return isMeant ? [entry.name] : []
    })
    .toSorted()
}
