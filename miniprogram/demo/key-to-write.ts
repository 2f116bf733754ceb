import { fill, messages } from '../i18n/index'
import { objectKey, signRequest } from '../signing/index'
import type { AbortSignal } from '../transfer/abort'
import { failure } from '../transfer/failure'
import { sendRequest, signAndSend } from '../transfer/send-request'
import { confirm } from './confirm'

const t = messages().overwrite

/**
 * The whole object key of a name, for an upload. Asks before it overwrites an object. If
 * COS does not say whether there is one, the upload starts.
 * @throws Failure `CANCELLED` when the person keeps that object
 */
export async function keyToWrite(name: string, signal: AbortSignal): Promise<string> {
  const key = await objectKey(name)
  const isStored = await signAndSend(
    (renew) => signRequest({ method: 'HEAD', key, renew }),
    (signed) => sendRequest(signed, { action: 'name/cos:HeadObject', signal }),
    signal,
  ).then(
    () => true,
    () => false,
  )
  if (isStored && !(await confirm(t.title, fill(t.text, { name })))) throw failure('CANCELLED')
  return key
}
