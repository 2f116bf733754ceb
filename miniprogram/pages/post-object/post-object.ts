import { signPostForm } from '../../signing/index'
import { postObject } from '../../transfer/post-object'
import { uploadPage } from '../upload-page'

/** wx.uploadFile with a signed policy. */
uploadPage({
  texts: (t) => t.postObject,
  upload: (request, options) => postObject({ ...request, signPostForm }, options),
})
