import type { Phase } from '../../components/phase'
import type { PickedFile } from '../../components/picked-file'
import { exceededLimit } from '../../demo/exceeded-limit'
import type { PickEvent } from '../../demo/file-picker/file-picker'
import { keyToWrite } from '../../demo/key-to-write'
import { queryValue } from '../../demo/page-query'
import type { PhaseEvent, StartEvent, Transfer } from '../../demo/transfer-panel/transfer-panel'
import type { RowStartEvent } from '../../demo/upload-row/upload-row'
import { messages } from '../../i18n/index'
import { signPostForm } from '../../signing/index'
import { contentTypeOf } from '../../transfer/content-type'
import { postObject } from '../../transfer/post-object'

const t = messages()

/** wx.uploadFile with a signed policy: one file, or a queue of them. */
Page({
  data: {
    t,
    texts: t.postObject,
    name: '',
    /** The file, while there is one. */
    file: null as PickedFile | null,
    /** What the file exceeds, such as `100 MB`. */
    limit: '',
    /** The first files of the queue, while there is one. */
    queue: null as PickedFile[] | null,
    firstName: '',
    phase: 'ready' as Phase,
    busy: false,
  },

  onLoad({ key }) {
    wx.setNavigationBarTitle({ title: t.postObject.title })
    this.setData({ name: queryValue(key) })
  },

  /** A second file turns the page into a queue. */
  onPick({ detail: { files, isChange } }: PickEvent) {
    const { file, queue, phase } = this.data
    if (queue) return this.selectComponent('#queue').add(files)
    const isAdded = file && !isChange && phase !== 'done'
    if (!isAdded && files.length < 2) return this.setFile(files[0]!)
    const keyField = this.selectComponent('#key')
    this.setData({
      file: null,
      queue: isAdded ? [file, ...files] : files,
      firstName: isAdded ? keyField.getName() : keyField.getEditedName(),
    })
  },

  async setFile(file: PickedFile) {
    this.setData({ file, limit: '' })
    const limit = await exceededLimit(file.size)
    if (file.path === this.data.file?.path) this.setData({ limit })
  },

  onEmpty() {
    this.setData({ queue: null })
    this.selectComponent('#key').reset()
  },

  onStart({ detail: { run } }: StartEvent) {
    const { file } = this.data
    const name: string = this.selectComponent('#key').validate()
    if (!file || !name) return
    run(upload(file, name))
  },

  onRowStart({ detail: { run, file, name } }: RowStartEvent) {
    run(upload(file, name))
  },

  onPhase({ detail: { phase, busy } }: PhaseEvent) {
    this.setData({ phase, busy })
  },
})

function upload(file: PickedFile, name: string): Transfer {
  return async (options) =>
    postObject({
      ...options,
      key: await keyToWrite(name, options.signal),
      filePath: file.path,
      contentType: contentTypeOf(file.name),
      signPostForm,
    })
}
