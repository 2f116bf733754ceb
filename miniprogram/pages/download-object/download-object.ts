import { fill, formatBytes, messages } from '../../i18n/index'
import { signRequest } from '../../signing/index'
import { downloadObject, type Downloaded } from '../../transfer/download-object'
import { readText } from '../../transfer/file'
import { codeCards } from '../code-cards'
import { demoData, demoPage } from '../demo-page'
import { elapsedText, facts } from '../views'

/** What wx.openDocument can show. */
type Document = 'doc' | 'docx' | 'xls' | 'xlsx' | 'ppt' | 'pptx' | 'pdf'
const DOCUMENTS = /\.(docx?|xlsx?|pptx?|pdf)$/i

/** Bytes of a text file that are shown. */
const TEXT_PART = 2048

/** How the downloaded file is shown. */
interface Shown {
  kind: 'image' | 'text' | 'document' | 'other'
  key: string
  path: string
  text: string
}

const t = messages()
const texts = t.downloadObject

/** wx.downloadFile from a presigned URL. */
Page({
  ...demoPage,

  data: {
    ...demoData(texts, 'ready'),
    texts,
    textPart: fill(texts.textPart, { bytes: formatBytes(TEXT_PART) }),
    shown: null as Shown | null,
    openProblem: '',
    card: codeCards['download-object'],
  },

  async onStart() {
    const downloaded = await this.run((key) =>
      downloadObject(
        { key, signRequest },
        {
          onStart: (signed) => this.started(signed),
          onProgress: (progress) => this.progressed(progress),
        },
      ),
    )
    if (downloaded) await this.finish(downloaded)
  },

  /** Damaged, or of a kind that this phone does not show. */
  onImageError() {
    this.setData({ shown: { ...this.data.shown!, kind: 'other' } })
  },

  onPreview() {
    wx.previewImage({ urls: [this.data.shown!.path] })
  },

  onOpen() {
    const { path, key } = this.data.shown!
    wx.openDocument({
      filePath: path,
      fileType: DOCUMENTS.exec(key)![1]!.toLowerCase() as Document,
      showMenu: true,
      fail: ({ errMsg }) => {
        this.setData({ openProblem: fill(texts.openFailed, { reason: errMsg }) })
      },
    })
  },

  async finish({ key, tempFilePath, contentType, etag, requestId, size, elapsed }: Downloaded) {
    const shown: Shown = { kind: kindOf(contentType, key), key, path: tempFilePath, text: '' }
    if (shown.kind === 'text') {
      try {
        shown.text = await readText(tempFilePath, Math.min(size, TEXT_PART))
      } catch {
        shown.kind = 'other' // no text after all; it has been downloaded all the same
      }
    }
    this.setData({
      shown,
      openProblem: '',
      facts: facts([
        [t.facts.size, formatBytes(size)],
        [t.facts.type, contentType],
        [t.facts.elapsed, elapsedText(elapsed, t)],
        [t.facts.etag, etag],
        [t.facts.requestId, requestId],
      ]),
    })
    this.setPhase('done')
  },
})

function kindOf(contentType: string, key: string): Shown['kind'] {
  if (contentType.startsWith('image/')) return 'image'
  if (DOCUMENTS.test(key)) return 'document'
  return /^text\/|[/+](json|xml)\b/.test(contentType) ? 'text' : 'other'
}
