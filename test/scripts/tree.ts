import fs from 'node:fs'
import path from 'node:path'
import { tempDir } from '../helpers/temp-dir'

export interface Tree {
  path: string
  /** Writes a file, with its folders. */
  write(file: string, text: string): void
  /** Exchanges a part of a file, which must be there. */
  replace(file: string, from: string, to: string): void
  remove(): void
}

/** A small folder of files for a check to look at: path -> text. */
export function tree(files: Record<string, string>): Tree {
  const { path: root, remove } = tempDir()
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    fs.writeFileSync(path.join(root, file), text)
  }
  const replace = (file: string, from: string, to: string) => {
    const text = fs.readFileSync(path.join(root, file), 'utf8')
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
    write(
      file,
      text.replace(from, () => to),
    )
  }
  for (const [file, text] of Object.entries(files)) write(file, text)
  return { path: root, write, replace, remove }
}
