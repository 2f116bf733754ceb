import { createMD5, createSHA1, createSHA256 } from 'hash-wasm'
import { ApiFailure } from './async-api'
import { readBlob } from './read-blob'

const hashers = { md5: createMD5, sha1: createSHA1, sha256: createSHA256 }

export type DigestAlgorithm = keyof typeof hashers

/** Digest of a file in hex. The file is streamed: it may be larger than the memory. */
export async function digest(blob: Blob, algorithm: DigestAlgorithm): Promise<string> {
  if (!Object.hasOwn(hashers, algorithm)) {
    throw new ApiFailure(`invalid digestAlgorithm "${algorithm}"`)
  }
  const hasher = await hashers[algorithm]() // WebAssembly is compiled here, at the first use
  await readBlob(blob, (chunk) => hasher.update(chunk))
  return hasher.digest()
}
