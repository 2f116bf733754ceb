import { signRequest } from '../../signing/index'
import { putObject } from '../../transfer/put-object'
import { uploadPage } from '../upload-page'

/** wx.request PUT to a presigned URL. */
uploadPage({
  texts: (t) => t.putObject,
  upload: (request, options) => putObject({ ...request, signRequest }, options),
})
