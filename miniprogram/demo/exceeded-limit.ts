import { formatBytes } from '../i18n/index'
import { serverConfig, signingSource } from '../signing/index'

/**
 * The limit that a file exceeds, such as `50 MB`; empty if none is known. A server limits what one
 * request may store; a permanent key has no server.
 * @param max bytes that the way of uploading allows
 */
export async function exceededLimit(size: number, max = Infinity): Promise<string> {
  if (size > max) return formatBytes(max)
  if (signingSource() === 'permanent-key') return ''
  // A server that does not answer is reported by the upload.
  const { maxBytes = Infinity } = await serverConfig().catch(() => ({ maxBytes: Infinity }))
  return size > maxBytes ? formatBytes(maxBytes) : ''
}
