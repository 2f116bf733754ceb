import { signRequest } from '../../signing/index'
import { putObject } from '../../transfer/put-object'
import { uploadPage } from '../upload-page'

/** wx.request PUT to a presigned URL. */
uploadPage({
  texts: (t) => t.putObject,
  upload: (request, options, showSigned) =>
    putObject(
      {
        ...request,
        async signRequest(toSign) {
          const signed = await signRequest(toSign)
          showSigned(signed)
          return signed
        },
      },
      options,
    ),
})
