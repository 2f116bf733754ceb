/** Several files on one page: a row for each, three uploads at once, in their order. */
import type { FailureView } from '../components/failure-panel/failure-panel'
import type { PickedFile } from '../components/picked-file'
import { isFixed, isRunning, type RowPhase } from '../components/row-phase'
import { fill, formatBytes } from '../i18n/index'
import { userPrefix } from '../signing/index'
import { startTask, type TransferTask } from '../transfer/task'
import { CLEAR, type DemoData } from './demo-page'
import { proposedKey } from './proposed-key'
import { rememberUpload } from './recent-uploads'
import {
  openDownload,
  requestOf,
  uploadData,
  uploadPage,
  type UploadData,
  type UploadPage,
} from './upload-page'
import { bytesText, keyProblemText, outcomeOf, progressText, withoutPrefix } from './views'

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
  /** @param firstName the key that the first of them has already; empty to propose one */
  addRows(files: PickedFile[], firstName: string): void
  /** Shows another list. What was typed becomes what the fields show, so that they keep it. */
  setRows(rows: QueueRow[]): void
  setRow(id: number, change: Partial<QueueRow>): void
  /** Says at each row what is wrong with its key. Gives how many must be changed. */
  checkKeys(): number
  problemOf(row: QueueRow, index: number): string
  /** Starts the rows whose turn it is, and says where the queue stands. */
  goOn(): void
  send(row: QueueRow): Promise<void>
  /** Gives what the row shows in the end. */
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
    const isNew = rows.length === 0
    const isKept = file && phase !== 'done' && files.length > 0
    if (isNew && !isKept && files.length < 2) return uploadPage.onPick.call(this, event)
    if (isNew) this.setData({ ...CLEAR, file: null, problem: '' })
    this.setData({ pickFailure: null })
    const firstName = isNew && (isKept || this.named) ? this.name : ''
    this.addRows(isKept ? [file, ...files] : files, firstName)
  },

  addRows(files, firstName) {
    const { rows, phase } = this.data
    const added = files.map((file, index): QueueRow => {
      const taken = Object.values(this.names)
      const name = (index === 0 && firstName) || proposedKey(file.name, { taken })
      const id = ++this.lastId
      this.names[id] = name
      return { ...AT_REST, id, file, name, phase: phase === 'transferring' ? 'waiting' : 'ready' }
    })
    this.setRows([...rows, ...added])
    this.goOn()
  },

  async onStart() {
    const { rows, phase, busy, t } = this.data
    if (rows.length === 0) return uploadPage.onStart.call(this)
    if (phase === 'done') return this.onClear()
    const count = this.checkKeys()
    this.setData({ problem: count > 0 ? fill(t.queue.problems, { count }) : '' })
    if (count > 0 || busy) return
    this.typing = 0 // whoever taps the button has done with typing
    this.setPhase('signing')
    const isOrdered = await this.before(this.orderFault()).catch(() => false)
    if (this.left || this.data.rows.length === 0) return void this.liftFault()
    this.data.rows.forEach((row) => {
      if (isOrdered && !isFixed(row.phase)) this.setRow(row.id, { ...AT_REST, phase: 'waiting' })
    })
    this.setPhase('transferring')
    this.goOn()
  },

  onCancel() {
    uploadPage.onCancel.call(this)
    this.data.rows.forEach(({ id, phase }) => {
      if (phase === 'waiting') this.setRow(id, { phase: 'cancelled' })
      this.tasks[id]?.cancel()
    })
    if (this.data.rows.length > 0) this.goOn()
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
    if (this.data.phase === 'signing') return // onStart starts it, with all the others
    this.setRow(row.id, { phase: 'waiting', failure: null })
    this.goOn()
  },

  onRowRemove({ currentTarget: { dataset } }) {
    const rows = this.data.rows.filter(({ id, phase }) => id !== dataset.id || isRunning(phase))
    if (rows.length === this.data.rows.length) return // it has begun meanwhile
    delete this.names[dataset.id]
    if (rows.length === 0) return this.onClear()
    this.setRows(rows)
    this.goOn()
  },

  onRowDownload({ currentTarget }) {
    openDownload(this.data.prefix + this.names[currentTarget.dataset.id])
  },

  setPrefix(prefix) {
    if (prefix === this.data.prefix) return
    uploadPage.setPrefix.call(this, prefix)
    this.data.rows.forEach(({ id }) => {
      this.names[id] = withoutPrefix(this.names[id]!, prefix)
    })
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
    const problems = this.data.rows.map((row, index) => this.problemOf(row, index))
    this.data.rows.forEach(({ id, problem }, index) => {
      if (problem !== problems[index]) this.setRow(id, { problem: problems[index]! })
    })
    return problems.filter(Boolean).length
  },

  /** Of two rows with the same key, the one that has begun may have it, or the first. */
  problemOf({ id, phase: own }, index) {
    const { rows, prefix, t } = this.data
    const name = this.names[id]!
    if (isFixed(own)) return ''
    const rival = rows.findIndex(
      (row, place) => this.names[row.id] === name && (place < index || isFixed(row.phase)),
    )
    const duplicate = rival < 0 ? '' : fill(t.queue.duplicate, { number: rival + 1 })
    return keyProblemText(prefix, name, t) || duplicate
  },

  goOn() {
    this.checkKeys()
    const { rows, phase: queue } = this.data
    if (this.left || rows.length === 0) return // an event of a row that is gone
    if (queue === 'signing') return // onStart goes on, once the fault of a drill is ordered
    const running = rows.filter(({ phase }) => isRunning(phase)).length
    const waiting = rows.filter(({ phase, problem }) => phase === 'waiting' && !problem)
    const ready = waiting.filter(({ id }) => id !== this.typing)
    ready.slice(0, AT_ONCE - running).forEach((row) => void this.send(row))
    const isOver = running + waiting.length === 0
    if (isOver) void this.liftFault()
    const allDone = rows.every(({ phase }) => phase === 'done')
    this.setPhase(!isOver ? 'transferring' : allDone ? 'done' : 'ready')
    this.showTotals()
  },

  async send(row) {
    const { id } = row
    this.setRow(id, { ...AT_REST, name: this.names[id]!, phase: 'signing' })
    const end = await this.uploadRow(row).catch((error) => outcomeOf(error, this.data.t))
    delete this.tasks[id]
    if (this.left) return
    this.setRow(id, { percent: -1, ...end })
    this.goOn()
  },

  async uploadRow({ id, file }) {
    const { t } = this.data
    const login = startTask(({ step }) => step(userPrefix()))
    this.tasks[id] = login
    const prefix = await login.result
    this.setPrefix(prefix)
    const upload = this.upload(requestOf(file, prefix + this.names[id]), {
      onStart: (signed) => {
        const status = bytesText(0, file.size)
        this.setData({ signed })
        this.setRow(id, { phase: 'transferring', percent: 0, status })
      },
      onProgress: (progress) => {
        this.setRow(id, { percent: progress.percent, status: progressText(progress, t) })
        this.showTotals()
      },
    })
    this.tasks[id] = upload
    const { key, size } = await upload.result
    rememberUpload(key)
    return { phase: 'done', percent: 100, status: formatBytes(size) }
  },

  showTotals() {
    const { rows, t } = this.data
    const count = rows.length
    const countOf = (phase: RowPhase) => rows.filter((row) => row.phase === phase).length
    const done = countOf('done')
    const failed = countOf('failed')
    const hasBegun = countOf('ready') < count
    let loaded = 0
    let total = 0
    rows.forEach(({ file, percent }) => {
      total += file.size
      loaded += (file.size * Math.max(0, percent)) / 100
    })
    const ends = [fill(t.queue.done, { done, count })]
    if (failed > 0) ends.push(fill(t.queue.failed, { count: failed }))
    const whole = fill(t.queue.total, { count, size: formatBytes(total) })
    this.setData({
      summary: hasBegun ? ends.join(' · ') : whole,
      action: fill(hasBegun ? t.queue.rest : t.queue.upload, { count: count - done }),
      percent: total > 0 ? Math.floor((loaded / total) * 100) : -1,
      status: bytesText(loaded, total),
    })
  },
}
