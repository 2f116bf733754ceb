/** What a mail, a log of containers or a view of the source puts in front of each line. */
const PREFIX = /^(> ?|[\w.-]+ +\| ?|\d+[\t|:] ?|\d+ {2,})/

/** The lines without what stands in front of each; as they are where one has nothing. */
export function unquoted(text: string): string {
  const lines = text.split('\n')
  return lines.length > 1 && lines.every((line) => line === '' || PREFIX.test(line))
    ? lines.map((line) => line.replace(PREFIX, '')).join('\n')
    : text
}
