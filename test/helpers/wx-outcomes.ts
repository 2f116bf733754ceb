import { expect } from '@jest/globals'

/**
 * Both wx of this project, that of the tests and that of the preview, are held to what is in this file.
 * The numbers are those of WeChat's typings.
 */

/** How a request, an upload or a download fails. */
export const networkFailures = (api: 'request' | 'uploadFile' | 'downloadFile') => ({
  abort: { errMsg: `${api}:fail abort` }, // no source names an errno
  timeout: { errMsg: `${api}:fail timeout`, errno: 5 },
  /** The words are those of the system. */
  refused: { errMsg: expect.stringMatching(`^${api}:fail .`), errno: 600001 },
  invalidUrl: (url: string) => ({ errMsg: `${api}:fail invalid url "${url}"`, errno: 600009 }),
})

/** A file of five bytes: 1, 2, 3, 4, 5. */
export const FIVE_BYTES = Uint8Array.from([1, 2, 3, 4, 5])

type FileApi = 'access' | 'getFileInfo' | 'open' | 'readFile' | 'stat' | 'unlink'

/**
 * How FileSystemManager ends a call with the file of five bytes, or with the path given here.
 * @param missing a path without a file
 */
export function fileOutcomes(missing: string): [api: FileApi, option: object, outcome: object][] {
  const outOfRange = (name: string, errno: number) => ({
    errMsg: `readFile:fail the value of "${name}" is out of range`,
    errno,
  })
  const noSuchFile = (api: FileApi) => ({
    errMsg: `${api}:fail no such file or directory, open ${missing}`,
    errno: 1300002,
  })
  const md5 = '7cfdd07889b3295d6a550914ab35e068'
  const sha1 = '11966ab9c099f8fabefac54c08d5be2bd8c903af'
  const crc64 = { errMsg: 'getFileInfo:fail invalid digestAlgorithm "crc64"' }
  return [
    ['readFile', { position: 5 }, outOfRange('position', 1301009)],
    ['readFile', { position: -1 }, outOfRange('position', 1301009)],
    ['readFile', { length: 0 }, outOfRange('length', 1301006)],
    ['readFile', { length: 6 }, outOfRange('length', 1301006)],
    ['readFile', { position: 3, encoding: 'hex' }, { errMsg: 'readFile:ok', data: '0405' }],
    [
      'readFile',
      { position: 3, length: 5, encoding: 'hex' },
      { errMsg: 'readFile:ok', data: '0405' },
    ],
    ['readFile', { filePath: missing }, noSuchFile('readFile')],
    ['open', { filePath: missing }, noSuchFile('open')],
    ['getFileInfo', { filePath: missing }, noSuchFile('getFileInfo')],
    ['access', { path: missing }, noSuchFile('access')],
    ['stat', { path: missing }, noSuchFile('stat')],
    ['unlink', { filePath: missing }, noSuchFile('unlink')],
    // MD5 is the default: asking for the size alone digests the whole file.
    ['getFileInfo', {}, { errMsg: 'getFileInfo:ok', size: 5, digest: md5 }],
    [
      'getFileInfo',
      { digestAlgorithm: 'sha1' },
      { errMsg: 'getFileInfo:ok', size: 5, digest: sha1 },
    ],
    ['getFileInfo', { digestAlgorithm: 'crc64' }, crc64],
  ]
}
