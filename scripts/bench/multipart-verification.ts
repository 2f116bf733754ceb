import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { content, CONTENT_TYPE, MB, signRequestFor, time, withWx } from './upload'
import { median } from './median'

const SIZE = 12 * MB
const ROUNDS = 3

/** Sends the parent the time of a verified upload to a port, and of one that is not. */
async function main(): Promise<void> {
  const port = Number(process.argv[2])
  const times = { verified: [] as number[], unverified: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    times.verified.push(await upload(port, true))
    times.unverified.push(await upload(port, false))
  }
  process.send?.({
    verified: median(times.verified),
    unverified: median(times.unverified),
  })
}

/** Without verification: on a phone whose storage is full no part can be digested. */
async function upload(port: number, isVerified: boolean): Promise<number> {
  return withWx(async (wx) => {
    if (!isVerified) {
      const errMsg = 'writeFile:fail the maximum size of the file storage limit is exceeded'
      wx.getFileSystemManager().writeFile = ({ fail }) => fail?.({ errMsg, errCode: 1300202 })
    }
    const filePath = wx.addTempFile(content(SIZE))
    const options = { key: 'bench', filePath, contentType: CONTENT_TYPE, partSize: MB }
    return time(async () => {
      const { verified } = await multipartUpload({ ...options, signRequest: signRequestFor(port) })
      if (verified !== isVerified) throw new Error(`verified is ${verified}`)
    })
  })
}

void main()
