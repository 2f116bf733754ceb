import type { PickedFile } from '../../components/picked-file'
import type { Signed } from '../../components/signed-panel/signed-panel'
import type { PickEvent } from '../../demo/file-picker/file-picker'
import { queryValue } from '../../demo/page-query'
import type { PhaseEvent, SignedEvent, StartEvent } from '../../demo/transfer-panel/transfer-panel'
import { messages } from '../../i18n/index'
import { objectKey, signRequest } from '../../signing/index'
import { contentTypeOf } from '../../transfer/content-type'
import { putObject } from '../../transfer/put-object'

const t = messages()

/** wx.request PUT to a presigned URL: a file, its key, a signature, the upload. */
Page({
  data: {
    t,
    texts: t.putObject,
    name: '',
    file: null as PickedFile | null,
    signed: null as Signed | null,
    busy: false,
  },

  onLoad({ key }) {
    wx.setNavigationBarTitle({ title: t.putObject.title })
    this.setData({ name: queryValue(key) })
  },

  onPick({ detail: { files } }: PickEvent) {
    this.setData({ file: files[0] ?? null, signed: null })
  },

  onStart({ detail: { run } }: StartEvent) {
    const { file } = this.data
    const name: string = this.selectComponent('#key').validate()
    if (!file || !name) return
    run(async (options) =>
      putObject({
        ...options,
        key: await objectKey(name),
        filePath: file.path,
        contentType: contentTypeOf(file.name),
        signRequest,
      }),
    )
  },

  onSigned({ detail: { signed } }: SignedEvent) {
    this.setData({ signed })
  },

  onPhase({ detail: { busy } }: PhaseEvent) {
    this.setData({ busy })
  },
})
