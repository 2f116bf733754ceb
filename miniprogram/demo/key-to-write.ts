import { fill, messages } from '../i18n/index'
import { objectKey, signRequest } from '../signing/index'
import type { AbortSignal } from '../transfer/abort'
import { failure } from '../transfer/failure'
import { createMultipartCalls } from '../transfer/multipart-calls'
import { confirm } from './confirm'

const t = messages().overwrite

/**
 * The whole object key of a name, for an upload. Asks first where COS has an object under it. An
 * upload does not fail because COS does not tell.
 * @throws Failure `CANCELLED` when the person keeps that object
 */
export async function keyToWrite(name: string, signal: AbortSignal): Promise<string> {
  const key = await objectKey(name)
  const calls = createMultipartCalls({ key, signRequest, signal })
  const stored = await calls.head().catch(() => undefined)
  if (stored && !(await confirm(t.title, fill(t.text, { name })))) throw failure('CANCELLED')
  return key
}
