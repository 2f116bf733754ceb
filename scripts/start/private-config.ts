import fs from 'node:fs'
import path from 'node:path'

/**
 * Gives DevTools its personal settings, copied from the example beside it, where there are none.
 * A file that exists is the reader's own (their appid) and stays as it is.
 *
 * @param root The project's folder.
 */
export function createPrivateConfig(root: string): void {
  const file = path.join(root, 'project.private.config.json')
  if (fs.existsSync(file)) return
  fs.copyFileSync(path.join(root, 'project.private.config.example.json'), file)
}
