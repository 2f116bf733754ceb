import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TempDir {
  readonly path: string
  remove(): void
}

/** Makes an empty directory: `const dir = tempDir()` at the top of a file, then `afterAll(dir.remove)`. */
export function tempDir(): TempDir {
  const path = mkdtempSync(join(tmpdir(), 'cos-presign-'))
  // Windows may keep a file busy for a moment after it was closed.
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}
