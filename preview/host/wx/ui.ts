import { createElement } from '../element'
import { isChinese } from '../language'
import { setTitle } from '../pages'
import { ApiFailure, asyncApi } from './async-api'
import { extensionOf, readTempFile, urlOf } from './temp-files'

const toastDuration = 1500 // ms

// https://developers.weixin.qq.com/miniprogram/dev/api/file/wx.openDocument.html
const documentTypes = new Set(['doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'pdf'])

export const setNavigationBarTitle = asyncApi(
  'setNavigationBarTitle',
  ({ title }: { title: string }) => setTitle(title),
)

/** As WeChat does, it tells the user by itself. */
export const setClipboardData = asyncApi('setClipboardData', async ({ data }: { data: string }) => {
  // Browsers have a clipboard on https and on localhost only.
  if (!navigator.clipboard) throw new ApiFailure('this browser copies on https and localhost only')
  await navigator.clipboard.writeText(data)
  toast(isChinese ? '内容已复制' : 'Copied')
})

/** To an element by its id, which the engine writes with a prefix. */
export const pageScrollTo = asyncApi('pageScrollTo', ({ selector }: { selector: string }) => {
  const element = document.querySelector(`.mp-page:not([hidden]) [id$="--${selector.slice(1)}"]`)
  if (!element) throw new ApiFailure(`${selector} not found`)
  element.scrollIntoView()
})

/** In place of a camera: what the QR code holds is typed in. */
export const scanCode = asyncApi('scanCode', () => {
  const result = prompt(isChinese ? '二维码的内容' : 'What the QR code holds')
  if (result === null) throw new ApiFailure('cancel')
  return { result, scanType: 'QR_CODE', charSet: 'utf-8', path: '', rawData: '' }
})

/** Opens the file in a tab of the browser. */
export const openDocument = asyncApi(
  'openDocument',
  ({ filePath, fileType }: { filePath: string; fileType?: string }) => {
    readTempFile(filePath)
    const type = fileType ?? extensionOf(filePath)
    if (!documentTypes.has(type)) throw new ApiFailure('filetype not supported')
    window.open(urlOf(filePath))
  },
)

/** Shows the current image over the page, until it is tapped. */
export const previewImage = asyncApi(
  'previewImage',
  ({ urls, current = urls[0] ?? '' }: { urls: string[]; current?: string }) => {
    const image = createElement('img', 'mp-image')
    image.src = urlOf(current)
    image.alt = ''
    image.addEventListener('click', () => image.remove())
    document.querySelector('.mp-phone')?.append(image)
  },
)

/** Only the words: no icon. */
export const showToast = asyncApi(
  'showToast',
  ({ title, duration }: { title: string; duration?: number }) => toast(title, duration),
)

function toast(title: string, duration = toastDuration): void {
  const element = createElement('div', 'mp-toast', title)
  element.role = 'status'
  document.querySelector('.mp-toast')?.remove()
  document.querySelector('.mp-phone')?.append(element)
  setTimeout(() => element.remove(), duration)
}
