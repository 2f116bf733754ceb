import { messages } from '../../i18n/index'
import { signPostForm } from '../../signing/index'
import { postObject } from '../../transfer/post-object'
import { codeCards } from '../code-cards'
import type { UploadPage } from '../upload-page'
import { queueData, uploadQueue } from '../upload-queue'

/** wx.uploadFile with a signed policy: one file, or several as a queue. */
const upload: UploadPage['upload'] = (request, options) =>
  postObject({ ...request, signPostForm }, options)

Page({
  ...uploadQueue,
  data: { ...queueData(messages().postObject), card: codeCards['post-object'] },
  upload,
})
