/** Files and storage of the phone. */
import { setupMessages } from '../i18n/index'
import { withFile } from './calls'
import type { Probe } from './probe'

const t = setupMessages().phone
const files = wx.getFileSystemManager()

/** Of `abc`. */
const DIGESTS = {
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
}
type Algorithm = keyof typeof DIGESTS

export const fileProbes: Probe[] = [
  ...(Object.keys(DIGESTS) as Algorithm[]).map((algorithm) => ({
    name: `getFileInfo ${algorithm}`,
    expected: t.correct,
    run: () => withFile('abc', (filePath) => checkDigest(filePath, algorithm)),
  })),
  {
    name: 'read, position 4',
    expected: 'ef',
    run: () => withFile('abcdefghij', (filePath) => readAt(filePath, [4])),
  },
  {
    // By the manual, a position that is not positive is none.
    name: 'read, position 0, 0',
    expected: 'ab, cd',
    run: () => withFile('abcdefghij', (filePath) => readAt(filePath, [0, 0])),
  },
  {
    name: 'readFile, position 4',
    expected: 'ef',
    run: () => withFile('abcdefghij', readFileAt4),
  },
]

export const storageProbes: Probe[] = [
  {
    name: 'limitSize',
    expected: '10240 KB',
    run: async () => `${wx.getStorageInfoSync().limitSize} KB`,
  },
  {
    name: 'setStorage · 1000 KB',
    expected: t.readBack,
    async run() {
      const value = 'x'.repeat(1000 * 1024)
      try {
        wx.setStorageSync('phone-check', value)
        return wx.getStorageSync('phone-check') === value ? t.readBack : t.other
      } finally {
        wx.removeStorageSync('phone-check')
      }
    },
  },
]

async function checkDigest(filePath: string, digestAlgorithm: Algorithm): Promise<string> {
  const { digest } = await promised<{ digest?: string }>((callbacks) =>
    files.getFileInfo({ filePath, digestAlgorithm, ...callbacks }),
  )
  if (!digest) return t.none
  return digest.toLowerCase() === DIGESTS[digestAlgorithm] ? t.correct : t.other
}

/** Two bytes at each position, read with one descriptor: `ab, ef`. */
async function readAt(filePath: string, positions: number[]): Promise<string> {
  const { fd } = await promised<{ fd: string }>((callbacks) =>
    files.open({ filePath, flag: 'r', ...callbacks }),
  )
  const texts: string[] = []
  try {
    for (const position of positions) {
      const { arrayBuffer } = await promised<{ arrayBuffer: ArrayBuffer }>((callbacks) =>
        files.read({ fd, arrayBuffer: new ArrayBuffer(2), length: 2, position, ...callbacks }),
      )
      texts.push(String.fromCharCode.apply(null, Array.from(new Uint8Array(arrayBuffer))))
    }
  } finally {
    files.close({ fd, fail: () => {} })
  }
  return texts.join(', ')
}

async function readFileAt4(filePath: string): Promise<string> {
  const { data } = await promised<{ data: unknown }>((callbacks) =>
    files.readFile({ filePath, encoding: 'utf8', position: 4, length: 2, ...callbacks }),
  )
  return String(data)
}

interface Callbacks<Result> {
  success(result: Result): void
  fail(error: unknown): void
}

function promised<Result>(call: (callbacks: Callbacks<Result>) => void): Promise<Result> {
  return new Promise((success, fail) => call({ success, fail }))
}
