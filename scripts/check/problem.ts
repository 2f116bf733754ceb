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

/** What is wrong with a text that is meant as JSON. */
export function jsonProblems(text: string, place: { file: string; line?: number }): Problem[] {
  try {
    JSON.parse(text)
    return []
  } catch (error) {
    return [{ ...place, message: (error as Error).message }]
  }
}

/** Each problem once. */
export function unique(problems: Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [formatProblem(problem), problem])).values()]
}
