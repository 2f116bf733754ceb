import { isBusy, type Phase } from '../../components/phase'
import type { PickedFile } from '../../components/picked-file'
import { fill, formatBytes, messages } from '../../i18n/index'
import { userPrefix, withoutPrefix } from '../../signing/index'
import type { SignedForm } from '../../transfer/signing'
import { bytesText, keyProblemText } from '../describe-transfer'
import { confirm } from '../confirm'
import { askBeforeLeaving, tellLeft } from '../leaving'
import { openDownload } from '../page-query'
import { proposedKey } from '../proposed-key'
import { recentUploads } from '../recent-uploads'
import { isFixed, isRunning, type RowPhase } from '../row-phase'

/** Uploads that run at once. */
const MAX_RUNNING = 3

/** One file of the queue. */
interface Row {
  id: number
  file: PickedFile
  /** The name below the prefix. */
  name: string
  /** What is wrong with the key, in words. */
  problem: string
  phase: RowPhase
  percent: number
}

/** An event of a row. */
type RowEvent<Detail extends object = object> = WechatMiniprogram.CustomEvent<
  Detail & WechatMiniprogram.IAnyObject,
  object,
  { id: number }
>

const t = messages()

/**
 * Files that are uploaded three at once, in their order. It schedules its rows; each row uploads.
 * Events: `empty` when the last row is removed; `start` of its rows reaches the page.
 */
Component({
  properties: {
    /** The first files. `add` adds more. */
    files: { type: null, value: [] as PickedFile[] },
    /** A name for the first of them. Default: a proposed one. */
    firstName: String,
  },
  data: {
    t: t.queue,
    rows: [] as Row[],
    lastId: 0,
    /** Id of the row whose key is being typed: it does not start. */
    typing: 0,
    prefix: '',
    phase: 'ready' as Phase,
    busy: false,
    percent: -1,
    status: '',
    /** `5 files · 12 MB`, then `3 of 5 done, 1 failed`. */
    summary: '',
    /** What the button says. */
    action: '',
    problem: '',
    /** Of the row that was signed last. */
    signed: null as SignedForm | null,
    isDetached: false,
  },
  lifetimes: {
    attached() {
      this.login()
      this.add(this.data.files, this.data.firstName)
    },
    detached() {
      if (this.data.busy) tellLeft()
      this.setData({ isDetached: true })
    },
  },
  methods: {
    /** The key field and the rows show a login that fails. */
    login() {
      userPrefix().then(
        (prefix) => {
          if (prefix === this.data.prefix) return
          const strip = (row: Row) => ({ ...row, name: withoutPrefix(row.name, prefix) })
          this.setData({ prefix })
          this.setData({ rows: this.data.rows.map(strip) })
        },
        () => {},
      )
    },

    /** @param firstName the name of the first file; empty to propose one */
    add(files: PickedFile[], firstName = '') {
      const { rows, phase, lastId, prefix } = this.data
      const uploaded = recentUploads(prefix).map((key) => withoutPrefix(key, prefix))
      const taken = [...uploaded, ...rows.map(({ name }) => name)]
      const added = files.map((file, index): Row => {
        const name = (index === 0 && firstName) || proposedKey(file.name, { taken })
        taken.push(name)
        const rowPhase = phase === 'transferring' ? 'waiting' : 'ready'
        const id = lastId + index + 1
        return { id, file, name, problem: '', phase: rowPhase, percent: -1 }
      })
      this.setData({ lastId: lastId + files.length })
      this.setData({ rows: [...rows, ...added] })
      this.startNext()
    },

    start() {
      const { phase, busy } = this.data
      if (phase === 'done') return this.clear()
      const count = this.checkKeys()
      this.setData({ problem: count > 0 ? fill(t.queue.problems, { count }) : '' })
      if (count > 0 || busy) return
      this.setData({ typing: 0 }) // the tap ends editing
      this.login()
      this.data.rows.forEach(({ id, phase: rowPhase }) => {
        if (!isFixed(rowPhase)) this.setRow(id, { phase: 'waiting', percent: -1 })
      })
      this.enter('transferring')
      this.startNext()
    },

    cancel() {
      this.data.rows.forEach(({ id, phase }) => {
        if (phase === 'waiting') this.setRow(id, { phase: 'cancelled' })
        this.selectComponent(`#row-${id}`)?.cancel()
      })
      this.startNext()
    },

    async onClear() {
      if (await confirm(t.confirm.clear)) this.clear()
    },

    clear() {
      this.setData({ rows: [] })
      this.enter('ready')
      this.triggerEvent('empty')
    },

    onName({ detail: { value }, currentTarget }: RowEvent<{ value: string }>) {
      this.setRow(currentTarget.dataset.id, { name: value })
      if (this.checkKeys() === 0) this.setData({ problem: '' })
    },

    onFocus({ currentTarget }: RowEvent) {
      this.setData({ typing: currentTarget.dataset.id })
    },

    onBlur() {
      this.setData({ typing: 0 })
      this.startNext()
    },

    onPhase({ detail, currentTarget }: RowEvent<{ phase: RowPhase; percent: number }>) {
      this.setRow(currentTarget.dataset.id, { phase: detail.phase, percent: detail.percent })
      this.startNext()
    },

    onProgress({ detail: { percent }, currentTarget }: RowEvent<{ percent: number }>) {
      this.setRow(currentTarget.dataset.id, { percent })
      this.showTotals()
    },

    onRetry({ currentTarget: { dataset } }: RowEvent) {
      const row = this.data.rows.find(({ id }) => id === dataset.id)
      if (row?.phase !== 'failed' && row?.phase !== 'cancelled') return // it runs already
      this.setRow(row.id, { phase: 'waiting' })
      this.startNext()
    },

    onRemove({ currentTarget: { dataset } }: RowEvent) {
      const rows = this.data.rows.filter(({ id, phase }) => id !== dataset.id || isRunning(phase))
      if (rows.length === this.data.rows.length) return // it runs already
      if (rows.length === 0) return this.clear()
      this.setData({ rows })
      this.startNext()
    },

    onSigned({ detail: { signed } }: RowEvent<{ signed: SignedForm }>) {
      this.setData({ signed })
    },

    onDownload({ detail: { key } }: RowEvent<{ key: string }>) {
      openDownload(key)
    },

    setRow(id: number, change: Partial<Row>) {
      const index = this.data.rows.findIndex((row) => row.id === id)
      if (index < 0) return
      const fields = Object.entries(change)
      const paths = fields.map(([field, value]) => [`rows[${index}].${field}`, value])
      this.setData(Object.fromEntries(paths))
    },

    /** Shows at each row what is wrong with its key. Gives how many must be changed. */
    checkKeys(): number {
      const problems = this.data.rows.map((row, index) => this.validate(row, index))
      this.data.rows.forEach(({ id, problem }, index) => {
        if (problem !== problems[index]) this.setRow(id, { problem: problems[index]! })
      })
      return problems.filter(Boolean).length
    },

    /** Of two rows with the same key, the one that runs may have it, or the first. */
    validate({ name, phase: own }: Row, index: number): string {
      const { rows, prefix } = this.data
      if (isFixed(own)) return ''
      const rival = rows.findIndex(
        (row, place) => row.name === name && (place < index || isFixed(row.phase)),
      )
      const duplicate = rival < 0 ? '' : fill(t.queue.duplicate, { number: rival + 1 })
      return keyProblemText(prefix, name, t) || duplicate
    },

    /** Starts the rows whose turn it is. */
    startNext() {
      this.checkKeys()
      const { rows, typing, isDetached } = this.data
      if (isDetached || rows.length === 0) return
      const running = rows.filter(({ phase }) => isRunning(phase)).length
      const waiting = rows.filter(({ phase, problem }) => phase === 'waiting' && !problem)
      const next = waiting.filter(({ id }) => id !== typing).slice(0, MAX_RUNNING - running)
      const isOver = running + waiting.length === 0
      const allDone = rows.every(({ phase }) => phase === 'done')
      this.enter(!isOver ? 'transferring' : allDone ? 'done' : 'ready')
      next.forEach(({ id }) => {
        this.setRow(id, { phase: 'signing', percent: -1 })
        this.selectComponent(`#row-${id}`).upload()
      })
      this.showTotals()
    },

    showTotals() {
      const { rows } = this.data
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
      const parts = [fill(t.queue.done, { done, count })]
      if (failed > 0) parts.push(fill(t.queue.failed, { count: failed }))
      const whole = fill(t.queue.total, { count, size: formatBytes(total) })
      this.setData({
        summary: hasBegun ? parts.join(' · ') : whole,
        action: fill(hasBegun ? t.queue.rest : t.queue.upload, { count: count - done }),
        percent: total > 0 ? Math.floor((loaded / total) * 100) : -1,
        status: bytesText(loaded, total),
      })
    },

    enter(phase: Phase) {
      const busy = isBusy(phase)
      if (busy !== this.data.busy) askBeforeLeaving(busy)
      this.setData({ phase, busy })
    },
  },
})
