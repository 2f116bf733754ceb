import { createElement } from '../element'
import { isChinese } from '../language'
import { setForeground } from '../pages'
import { ApiFailure, asyncApi } from './async-api'
import { readTempFile, urlOf } from './temp-files'

const scope = 'scope.writePhotosAlbum'
const question = isChinese ? '允许小程序保存到相册？' : 'Let the mini program save to the album?'

/** What the person has answered; undefined until they are asked, at the first time of saving. */
let isAllowed: boolean | undefined

const settings = () => ({ authSetting: isAllowed === undefined ? {} : { [scope]: isAllowed } })

export const getSetting = asyncApi('getSetting', settings)

/** The page of settings is a dialog, with the one setting that there is. */
export const openSetting = asyncApi('openSetting', () => {
  setForeground(false)
  if (isAllowed !== undefined) isAllowed = confirm(question)
  setForeground(true)
  return settings()
})

export const saveImageToPhotosAlbum = asyncApi('saveImageToPhotosAlbum', saver('image'))

export const saveVideoToPhotosAlbum = asyncApi('saveVideoToPhotosAlbum', saver('video'))

/** The album is the folder that the browser downloads to. */
function saver(kind: 'image' | 'video') {
  return ({ filePath }: { filePath: string }) => {
    const file = readTempFile(filePath)
    isAllowed ??= confirm(question)
    if (!isAllowed) throw new ApiFailure('auth deny')
    if (!file.type.startsWith(`${kind}/`)) throw new ApiFailure('invalid file type')
    const link = createElement('a')
    link.href = urlOf(filePath)
    link.download = filePath.split('/').at(-1) ?? ''
    link.click()
  }
}
