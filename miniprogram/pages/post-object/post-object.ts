import { messages } from '../../i18n/index'
import { signPostForm } from '../../signing/index'
import { postObject } from '../../transfer/post-object'
import { codeCards } from '../code-cards'
import { uploadData, uploadPage, type UploadPage } from '../upload-page'

/** wx.uploadFile with a signed policy. */
const upload: UploadPage['upload'] = (request, options) =>
  postObject({ ...request, signPostForm }, options)

Page({
  ...uploadPage,
  data: { ...uploadData(messages().postObject), card: codeCards['post-object'] },
  upload,
})
