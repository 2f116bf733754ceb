import { presignMessages } from '../i18n/index'

const t = presignMessages().playground

/** Keys that some signer encodes wrongly. */
const TRICKY_KEYS = [
  '中文 文件.jpg',
  'a b+c&d=e?f#g%41.txt',
  '😀🎉.png',
  "it's (1)!*.txt",
  '"[x]{y}|<z>^`\\.txt',
  '~_-.',
  '//a//b/',
  '%E4%B8%AD.txt',
  `${'很长'.repeat(60)}.txt`,
]

/** Keys that clients rewrite or COS refuses, however they are signed. */
const REJECTED_KEYS = ['a/../b', './a', 'a/.', '长'.repeat(284), 'a\tb']

/** Groups of keys to choose from. */
export const KEYS = [
  { name: 'hard', label: t.trickyKeys, keys: TRICKY_KEYS.map(label) },
  { name: 'refused', label: t.rejectedKeys, keys: REJECTED_KEYS.map(label) },
]

/** A key and its label, which is cut if it is long. */
function label(key: string): { key: string; shown: string } {
  const visible = key.replace(/\t/g, '\\t')
  return { key, shown: visible.length > 24 ? `${visible.slice(0, 10)}…` : visible }
}
