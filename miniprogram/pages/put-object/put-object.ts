import { fill, formatBytes, messages } from '../../i18n/index'
import { signRequest } from '../../signing/index'
import { putObject } from '../../transfer/put-object'
import { codeCards } from '../code-cards'
import { uploadData, uploadPage, type UploadPage } from '../upload-page'

const t = messages()

/** wx.request PUT to a presigned URL. It tells no progress, so the time is shown, second by second. */
const upload: UploadPage['upload'] = function (this: UploadPage, request, options) {
  const task = putObject({ ...request, signRequest }, options)
  const size = formatBytes(this.data.file!.size)
  const begun = Date.now()
  const show = () => {
    const seconds = Math.round((Date.now() - begun) / 1000)
    this.setData({ status: fill(t.transfer.elapsed, { size, seconds }) })
  }
  show()
  const timer = setInterval(show, 1000)
  const stop = () => clearInterval(timer)
  task.result.then(stop, stop)
  return task
}

Page({
  ...uploadPage,
  data: { ...uploadData(t.putObject), card: codeCards['put-object'] },
  upload,
})
