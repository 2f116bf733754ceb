/** Keys that some signer encodes wrongly; docs/signing.md has more. */
export const TRICKY_KEYS = ['中文 文件.jpg', 'a b+c?.txt', '%41.txt']
