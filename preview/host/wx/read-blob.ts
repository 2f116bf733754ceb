const CHUNK = 256 * 1024

// Chromium 156 never answers a read when the garbage collector finds nothing else that knows its reader.
const readers = new Set<ReadableStreamBYOBReader>()

/**
 * Hands on the bytes of a blob in order, in chunks that share one buffer: a large file leaves nothing
 * behind for the garbage collector, which comes late.
 */
export async function readBlob(blob: Blob, take: (chunk: Uint8Array) => void): Promise<void> {
  const reader = blob.stream().getReader({ mode: 'byob' })
  readers.add(reader)
  try {
    let buffer = new ArrayBuffer(CHUNK)
    for (;;) {
      const { value, done } = await reader.read(new Uint8Array(buffer))
      if (done) return
      take(value)
      ;({ buffer } = value)
    }
  } finally {
    readers.delete(reader)
  }
}
