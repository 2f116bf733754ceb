import { signPostForm } from '../../signing/index'
import { postObject } from '../../transfer/post-object'
import { uploadPage } from '../upload-page'

/** wx.uploadFile with a signed policy. */
uploadPage({
  texts: (t) => t.postObject,
  upload: (request, options, showSigned) =>
    postObject(
      {
        ...request,
        async signPostForm(toSign) {
          const signed = await signPostForm(toSign)
          showSigned(signed)
          return signed
        },
      },
      options,
    ),
})
