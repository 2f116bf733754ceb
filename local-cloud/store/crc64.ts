import { createCRC64 } from 'hash-wasm'

interface Crc64 {
  update(data: Uint8Array): unknown
  /** Unsigned decimal, as in `x-cos-hash-crc64ecma`. */
  digest(): string
}

type Hasher = Awaited<ReturnType<typeof createCRC64>>

/** CRC-64/XZ: the reflected ECMA-182 polynomial, all ones in and out. */
const POLYNOMIAL = 'c96c5795d7870f42'

/** Each hasher has a WebAssembly memory of its own, so finished ones are used again. */
const idle: Hasher[] = []

/** Lends a fresh CRC-64 to `use`. */
export async function withCrc64<T>(use: (crc64: Crc64) => Promise<T>): Promise<T> {
  const hasher = idle.pop() ?? (await createCRC64(POLYNOMIAL))
  hasher.init()
  try {
    return await use({
      update: (data) => hasher.update(data),
      digest: () => BigInt(`0x${hasher.digest()}`).toString(),
    })
  } finally {
    idle.push(hasher)
  }
}
