/** Several files on one page: a row for each, three uploads at once, in their order. */
import type { FailureView } from '../components/failure-panel/failure-panel'
import type { PickedFile } from '../components/picked-file'
import { isFixed, isRunning, type RowPhase } from '../components/row-phase'
import { fill, formatBytes } from '../i18n/index'
import { userPrefix } from '../signing/index'
import { contentTypeOf } from '../transfer/content-type'
import { asFailure } from '../transfer/failure'
import { startTask, type TransferTask } from '../transfer/task'
import { CLEAR, type DemoData } from './demo-page'
import { proposedKey } from './proposed-key'
import { rememberUpload } from './recent-uploads'
import { uploadData, uploadPage, type UploadData, type UploadPage } from './upload-page'
import { bytesText, failureView, keyProblemText, progressText, withoutPrefix } from './views'

/** Uploads that run at the same time. */
const AT_ONCE = 3
/** What wx.chooseMedia has always taken. */
const MOST_FILES = 9

/** One file of the queue, as its row shows it. */
export interface QueueRow {
  id: number
  file: PickedFile
  /** What the key field shows when it is not typed into. */
  name: string
  /** What is wrong with the key, in words. */
  problem: string
  phase: RowPhase
  percent: number
  status: string
  failure: FailureView | null
}

const AT_REST = { problem: '', percent: -1, status: '', failure: null }

export interface QueueData extends UploadData {
  /** Empty while the page shows one file, or none. */
  rows: QueueRow[]
  /** `5 files · 12 MB`, then `3 of 5 done, 1 failed`. */
  summary: string
  /** What the button says. */
  action: string
}

/** A tap on a row, or an event of it. */
type RowEvent<Detail extends object = object> = WechatMiniprogram.CustomEvent<
  Detail & WechatMiniprogram.IAnyObject,
  object,
  { id: number }
>

/** A page that uploads one file, or a queue of them, as seen by the methods below. */
export interface QueuePage extends UploadPage {
  data: QueueData
  setData(data: Partial<QueueData> | Record<string, unknown>): void
  /** By the id of a row: its key below the prefix, as typed, and what `cancel` ends. */
  names: Record<number, string>
  tasks: Record<number, TransferTask<unknown>>
  lastId: number
  /** Id of the row whose key is being typed: its turn waits. */
  typing: number
  onRowName(event: RowEvent<{ value: string }>): void
  onRowFocus(event: RowEvent): void
  onRowBlur(): void
  onRowCancel(event: RowEvent): void
  onRowRetry(event: RowEvent): void
  onRowRemove(event: RowEvent): void
  onRowDownload(event: RowEvent): void
  onClear(): void
  addRows(files: PickedFile[], name?: string): void
  /** Shows another list. What was typed becomes what the fields show, so that they keep it. */
  setRows(rows: QueueRow[]): void
  setRow(id: number, change: Partial<QueueRow>): void
  /** Says at each row what is wrong with its key. Gives how many must be changed. */
  checkKeys(): number
  /** Starts the rows whose turn it is, and says where the queue stands. */
  goOn(): void
  send(row: QueueRow): Promise<void>
  uploadRow(row: QueueRow): Promise<Partial<QueueRow>>
  showTotals(): void
}

export function queueData(texts: DemoData['texts']): QueueData {
  return { ...uploadData(texts), max: MOST_FILES, rows: [], summary: '', action: '' }
}

/** Spread this, and `upload`, into the object that is given to Page. */
export const uploadQueue: Omit<QueuePage, 'data' | 'setData' | 'upload'> & ThisType<QueuePage> = {
  ...uploadPage,
  names: {},
  tasks: {},
  lastId: 0,
  typing: 0,

  onLoad(query) {
    this.names = {}
    this.tasks = {}
    return uploadPage.onLoad.call(this, query)
  },

  onUnload() {
    uploadPage.onUnload.call(this)
    Object.values(this.tasks).forEach((task) => task.cancel())
  },

  /** One file is shown as on the other pages; a second one makes them a queue. */
  onPick(event) {
    const { rows, file, phase } = this.data
    const { files } = event.detail
    const isKept = file && phase !== 'done' && files.length > 0
    const all = isKept ? [file, ...files] : files
    if (rows.length === 0 && all.length < 2) {
      uploadPage.onPick.call(this, { detail: { files: all } })
      return
    }
    this.setData({ pickFailure: null })
    if (rows.length > 0) return this.addRows(files)
    this.setData({ ...CLEAR, file: null, problem: '' })
    this.setPhase('ready')
    this.addRows(all, isKept || this.named ? this.name : undefined)
  },

  /** @param name the key that the first of them has already */
  addRows(files, name) {
    const { rows, phase: queue } = this.data
    const added = files.map((file, index): QueueRow => {
      const id = ++this.lastId
      const taken = Object.values(this.names)
      const own = index === 0 && name !== undefined ? name : proposedKey(file.name, { taken })
      this.names[id] = own
      const phase = queue === 'transferring' ? 'waiting' : 'ready'
      return { ...AT_REST, id, file, name: own, phase }
    })
    this.setRows([...rows, ...added])
    this.checkKeys()
    this.goOn()
  },

  async onStart() {
    const { rows, phase, busy, t } = this.data
    if (rows.length === 0) return uploadPage.onStart.call(this)
    if (phase === 'done') return this.onClear()
    const wrong = this.checkKeys()
    this.setData({ problem: wrong > 0 ? fill(t.queue.problems, { count: wrong }) : '' })
    if (wrong > 0 || busy) return
    this.typing = 0 // whoever taps the button has done with typing
    this.setPhase('signing')
    const isOrdered = await this.before(this.orderFault()).catch(() => false)
    if (this.left || this.data.rows.length === 0) return void this.liftFault()
    for (const row of isOrdered ? this.data.rows : []) {
      if (!isFixed(row.phase)) this.setRow(row.id, { ...AT_REST, phase: 'waiting' })
    }
    this.setPhase('transferring')
    this.goOn()
  },

  onCancel() {
    const { rows } = this.data
    uploadPage.onCancel.call(this)
    if (rows.length === 0) return
    for (const { id, phase } of rows) {
      if (phase === 'waiting') this.setRow(id, { phase: 'cancelled' })
      this.tasks[id]?.cancel()
    }
    this.goOn()
  },

  onClear() {
    this.task?.cancel() // the order of a fault, where the last row goes meanwhile
    this.names = {}
    this.setData({ ...CLEAR, rows: [], problem: '' })
    this.setPhase('empty')
    this.named = false
    this.setName('')
  },

  onRowName({ detail: { value }, currentTarget }) {
    this.names[currentTarget.dataset.id] = value
    if (this.checkKeys() === 0) this.setData({ problem: '' })
  },

  onRowFocus({ currentTarget }) {
    this.typing = currentTarget.dataset.id
  },

  onRowBlur() {
    this.typing = 0
    this.goOn()
  },

  onRowCancel({ currentTarget }) {
    this.tasks[currentTarget.dataset.id]?.cancel()
  },

  onRowRetry({ currentTarget: { dataset } }) {
    const row = this.data.rows.find(({ id }) => id === dataset.id)
    if (row?.phase !== 'failed' && row?.phase !== 'cancelled') return // it goes on already
    this.checkKeys()
    this.setRow(dataset.id, { phase: 'waiting', failure: null })
    this.goOn()
  },

  onRowRemove({ currentTarget: { dataset } }) {
    const rows = this.data.rows.filter(({ id, phase }) => id !== dataset.id || isRunning(phase))
    if (rows.length === this.data.rows.length) return // it has begun meanwhile
    delete this.names[dataset.id]
    if (rows.length === 0) return this.onClear()
    this.setRows(rows)
    this.checkKeys()
    this.goOn()
  },

  onRowDownload({ currentTarget: { dataset } }) {
    const key = encodeURIComponent(this.data.prefix + this.names[dataset.id])
    wx.navigateTo({ url: `/pages/download-object/download-object?key=${key}` })
  },

  setPrefix(prefix) {
    if (prefix === this.data.prefix) return
    uploadPage.setPrefix.call(this, prefix)
    for (const { id } of this.data.rows) this.names[id] = withoutPrefix(this.names[id]!, prefix)
    this.setRows(this.data.rows)
  },

  setRows(rows) {
    this.setData({ rows: rows.map((row) => ({ ...row, name: this.names[row.id]! })) })
  },

  setRow(id, change) {
    const index = this.data.rows.findIndex((row) => row.id === id)
    if (index < 0) return
    const paths = Object.entries(change).map(([field, value]) => [`rows[${index}].${field}`, value])
    this.setData(Object.fromEntries(paths))
  },

  checkKeys() {
    const { rows, prefix, t } = this.data
    const names = rows.map(({ id }) => this.names[id]!)
    const problems = rows.map(({ phase }, index) => {
      if (isFixed(phase)) return ''
      const isBefore = (other: number) => other < index || isFixed(rows[other]!.phase)
      const same = names.findIndex(
        (name, other) => other !== index && name === names[index] && isBefore(other),
      )
      const duplicate = same < 0 ? '' : fill(t.queue.duplicate, { number: same + 1 })
      return keyProblemText(prefix, names[index]!, t) || duplicate
    })
    rows.forEach(({ id, problem }, index) => {
      if (problem !== problems[index]) this.setRow(id, { problem: problems[index]! })
    })
    return problems.filter(Boolean).length
  },

  goOn() {
    const { rows, phase: queue } = this.data
    if (queue === 'signing') return // onStart goes on, once the fault of a drill is ordered
    const running = rows.filter(({ phase }) => isRunning(phase)).length
    const waiting = rows.filter(({ phase, problem }) => phase === 'waiting' && !problem)
    const ready = waiting.filter(({ id }) => id !== this.typing).slice(0, AT_ONCE - running)
    for (const row of ready) void this.send(row)
    const isOver = running + waiting.length === 0
    if (isOver) void this.liftFault()
    const allDone = rows.every(({ phase }) => phase === 'done')
    this.setPhase(!isOver ? 'transferring' : allDone ? 'done' : 'ready')
    this.showTotals()
  },

  async send(row) {
    const { id } = row
    this.setRow(id, { ...AT_REST, name: this.names[id]!, phase: 'signing' })
    const outcome = await this.uploadRow(row)
    delete this.tasks[id]
    if (this.left) return
    this.setRow(id, outcome)
    this.goOn()
  },

  /** Gives what the row shows in the end. */
  async uploadRow({ id, file }) {
    const { t } = this.data
    try {
      const login = startTask(({ step }) => step(userPrefix()))
      this.tasks[id] = login
      const prefix = await login.result
      this.setPrefix(prefix)
      const transfer = this.upload(
        {
          key: prefix + this.names[id]!,
          filePath: file.path,
          contentType: contentTypeOf(file.name),
        },
        {
          onStart: (signed) => {
            this.setData({ signed })
            const status = bytesText({ loaded: 0, total: file.size }, t)
            this.setRow(id, { phase: 'transferring', percent: 0, status })
          },
          onProgress: (progress) => {
            this.setRow(id, { percent: progress.percent, status: progressText(progress, t) })
            this.showTotals()
          },
        },
      )
      this.tasks[id] = transfer
      const { key, size } = await transfer.result
      rememberUpload(key)
      return { phase: 'done', status: formatBytes(size) }
    } catch (error) {
      if (asFailure(error).code === 'CANCELLED') return { phase: 'cancelled' }
      return { phase: 'failed', failure: failureView(error, t) }
    }
  },

  showTotals() {
    const { rows, t, percent, summary, action } = this.data
    const count = rows.length
    const of = (phase: RowPhase) => rows.filter((row) => row.phase === phase).length
    const done = of('done')
    const failed = of('failed')
    const { loaded, total } = bytesOf(rows)
    const hasBegun = rows.some(({ phase }) => phase !== 'ready')
    const totals = {
      summary: hasBegun
        ? [
            fill(t.queue.done, { done, count }),
            failed > 0 && fill(t.queue.failed, { count: failed }),
          ]
            .filter(Boolean)
            .join(' · ')
        : fill(t.queue.total, { count, size: formatBytes(total) }),
      action: fill(hasBegun ? t.queue.rest : t.queue.upload, { count: count - done }),
      percent: total > 0 ? Math.floor((loaded / total) * 100) : -1,
    }
    const isNew =
      totals.percent !== percent || totals.summary !== summary || totals.action !== action
    if (isNew) this.setData({ ...totals, status: bytesText({ loaded, total }, t) })
  },
}

/** Bytes that have arrived, and all of them. */
function bytesOf(rows: QueueRow[]): { loaded: number; total: number } {
  const bytes = { loaded: 0, total: 0 }
  for (const { file, phase, percent } of rows) {
    const share = phase === 'done' ? 1 : isRunning(phase) ? Math.max(0, percent) / 100 : 0
    bytes.loaded += file.size * share
    bytes.total += file.size
  }
  return bytes
}
