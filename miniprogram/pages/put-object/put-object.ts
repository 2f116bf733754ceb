import type { PickedFile } from '../../components/picked-file'
import { exceededLimit } from '../../demo/exceeded-limit'
import type { PickEvent } from '../../demo/file-picker/file-picker'
import { keyToWrite } from '../../demo/key-to-write'
import { queryValue } from '../../demo/page-query'
import type { PhaseEvent, StartEvent } from '../../demo/transfer-panel/transfer-panel'
import { messages } from '../../i18n/index'
import { signRequest } from '../../signing/index'
import { contentTypeOf } from '../../transfer/content-type'
import { MAX_PUT_BYTES, putObject } from '../../transfer/put-object'

const t = messages()

/** wx.request PUT to a presigned URL: a file, its key, a signature, the upload. */
Page({
  data: {
    t,
    texts: t.putObject,
    name: '',
    file: null as PickedFile | null,
    /** What the file exceeds, such as `50 MB`. */
    limit: '',
    busy: false,
  },

  onLoad({ key }) {
    wx.setNavigationBarTitle({ title: t.putObject.title })
    this.setData({ name: queryValue(key) })
  },

  async onPick({ detail: { files } }: PickEvent) {
    const file = files[0]!
    this.setData({ file, limit: '' })
    const limit = await exceededLimit(file.size, MAX_PUT_BYTES)
    if (file.path === this.data.file?.path) this.setData({ limit })
  },

  onStart({ detail: { run } }: StartEvent) {
    const { file } = this.data
    const name: string = this.selectComponent('#key').validate()
    if (!file || !name) return
    run(async (options) =>
      putObject({
        ...options,
        key: await keyToWrite(name, options.signal),
        filePath: file.path,
        contentType: contentTypeOf(file.name),
        signRequest,
      }),
    )
  },

  onPhase({ detail: { busy } }: PhaseEvent) {
    this.setData({ busy })
  },
})
