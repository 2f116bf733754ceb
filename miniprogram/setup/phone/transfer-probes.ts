/** Each way to move a file, by the functions of `transfer/`. */
import { signPostForm, signRequest } from '../../signing/index'
import { downloadObject } from '../../transfer/download-object'
import { removeFile } from '../../transfer/file'
import { md5OfFile } from '../../transfer/md5'
import { multipartUpload } from '../../transfer/multipart-upload'
import { postObject } from '../../transfer/post-object'
import { putObject } from '../../transfer/put-object'
import type { Uploaded, UploadOptions } from '../../transfer/transfer'
import { setupMessages } from '../i18n/index'
import { bytesOf, CONTENT_TYPE, keyOf, MB, withFile, withStored } from './calls'
import type { Probe } from './probe'

const t = setupMessages().phone

type Way = 'PUT' | 'uploadFile' | 'multipart'
type File = Pick<UploadOptions, 'key' | 'filePath' | 'contentType' | 'signal'>

const UPLOADS: Record<Way, (file: File) => Promise<Uploaded>> = {
  PUT: (file) => putObject({ ...file, signRequest }),
  uploadFile: (file) => postObject({ ...file, signPostForm }),
  multipart: (file) => multipartUpload({ ...file, signRequest }),
}

export const transferProbes: Probe[] = [
  ...everyWay('0 B', 0),
  ...everyWay('1 B', 1),
  ...everyWay('1 MB', MB),
  {
    name: 'Content-Type',
    expected: CONTENT_TYPE,
    run: ({ signal }) =>
      withStored(1, signal, async ({ key }) => {
        const { contentType, tempFilePath } = await downloadObject({ key, signRequest, signal })
        removeFile(tempFilePath)
        return contentType
      }),
  },
]

export const largeProbes: Probe[] = [
  upload('uploadFile', '11 MB', 11 * MB),
  ...everyWay('30 MB', 30 * MB),
]

function everyWay(label: string, size: number): Probe[] {
  const uploads = (Object.keys(UPLOADS) as Way[]).map((way) => upload(way, label, size))
  return [...uploads, download(label, size)]
}

function upload(way: Way, label: string, size: number): Probe {
  return {
    name: `${way} · ${label}`,
    expected: t.verified,
    run: ({ signal }) =>
      withFile(bytesOf(size), async (filePath) => {
        const key = await keyOf(`${way}-${size}`)
        const file = { key, filePath, contentType: CONTENT_TYPE, signal }
        const { verified } = await UPLOADS[way](file)
        return verified ? t.verified : t.notVerified
      }),
  }
}

/** Compares what the multipart upload has stored with its file: its ETag is no MD5. */
function download(label: string, size: number): Probe {
  return {
    name: `downloadFile · ${label}`,
    expected: t.verified,
    run: ({ signal }) =>
      withFile(bytesOf(size), async (filePath) => {
        const key = await keyOf(`multipart-${size}`)
        const { tempFilePath } = await downloadObject({ key, signRequest, signal })
        const [sent, received] = await Promise.all([filePath, tempFilePath].map(md5OfFile))
        removeFile(tempFilePath)
        return sent!.md5 === received!.md5 ? t.verified : t.other
      }),
  }
}
