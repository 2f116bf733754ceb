/** What is wrong with a file of the mini program. */
export interface Problem {
  /** Path below the checked folder, with `/` on every system. */
  file: string
  /** Counted from 1; absent when the whole file is meant. */
  line?: number
  message: string
}

/** `pages/a/a.wxml:3: end tag missing`, as editors and terminals make a link of it. */
export function formatProblem({ file, line, message }: Problem): string {
  return `${line === undefined ? file : `${file}:${line}`}: ${message}`
}
