import { presignMessages } from '../../../i18n/presign/index'

const t = presignMessages().playground

/** Names that signers get wrong: each holds what one of them forgets to encode, or encodes twice. */
const HARD_KEYS = [
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

/** Names that no signature saves: clients rewrite them, or COS refuses them. */
const REFUSED_KEYS = ['a/../b', './a', 'a/.', '长'.repeat(284), 'a\tb']

/** What there is to tap. */
export const KEYS = [
  { name: 'hard', label: t.hardKeys, keys: HARD_KEYS.map(named) },
  { name: 'refused', label: t.refusedKeys, keys: REFUSED_KEYS.map(named) },
]

/** A key and what stands for it: long ones are told by their beginning. */
function named(key: string): { key: string; shown: string } {
  const visible = key.replace(/\t/g, '\\t')
  return { key, shown: visible.length > 24 ? `${visible.slice(0, 10)}…` : visible }
}
