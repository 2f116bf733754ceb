/** Names that signers get wrong: each holds what one of them forgets to encode, or encodes twice. */
export const HARD_KEYS = [
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
export const REFUSED_KEYS = ['a/../b', './a', 'a/.', '长'.repeat(284), 'a\tb']
