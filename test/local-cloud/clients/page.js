import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'
import COS from 'cos-js-sdk-v5'

/** Bundled into the page in which the clients of the browser are tried. */

/** Calls the browser SDK. With a `size`, the body is a file of so many zeros. */
window.callSdk = async ({ options, name, parameters, size }) => {
  const file = size === undefined ? {} : { Body: zeros(size) }
  try {
    const { statusCode, Body } = await new COS(options)[name]({ ...parameters, ...file })
    return { statusCode, Body }
  } catch ({ statusCode, code, message }) {
    return { statusCode, code, message }
  }
}

/** Uploads zeros. Returns the messages of failures. `presignPut` and the others belong to the script. */
window.uploadWithUppy = async ({ key, size }) => {
  const uppy = new Uppy()
  uppy.use(AwsS3, {
    shouldUseMultipart: (file) => file.size > 5 * 1024 * 1024,
    getUploadParameters: async () => ({ method: 'PUT', url: await window.presignPut(key) }),
    createMultipartUpload: () => window.createUpload(key),
    signPart: async (_, { uploadId, partNumber }) => ({
      url: await window.presignPut(key, { uploadId, partNumber }),
    }),
    listParts: () => [],
    abortMultipartUpload: () => {},
    completeMultipartUpload: (_, { uploadId, parts }) =>
      window.completeUpload(key, uploadId, parts),
  })
  uppy.addFile({ name: key, type: 'text/plain', data: zeros(size) })
  const { failed } = await uppy.upload()
  return failed.map(({ error }) => error)
}

function zeros(size) {
  return new Blob([new Uint8Array(size)])
}
