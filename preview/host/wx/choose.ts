import { createElement } from '../element'
import { ApiFailure, asyncApi } from './async-api'
import { addTempFile, extensionOf } from './temp-files'

interface MessageFileOptions {
  count: number
  type?: 'all' | 'video' | 'image' | 'file'
  extension?: string[]
}

interface MediaOptions {
  count?: number
  mediaType?: string[]
}

/** Chat files come from the computer. */
export const chooseMessageFile = asyncApi(
  'chooseMessageFile',
  async ({ count, type = 'all', extension = [] }: MessageFileOptions) => {
    const isMedia = type === 'image' || type === 'video'
    const extensions = extension.map((name) => `.${name.replace(/^\./, '')}`)
    const files = await pick(isMedia ? `${type}/*` : extensions.join(','), count)
    return {
      tempFiles: files.map((file) => ({
        path: keep(file),
        name: file.name,
        size: file.size,
        time: Math.round(file.lastModified / 1000),
        type: kindOf(file) ?? 'file',
      })),
    }
  },
)

/** The album is the computer's files too; there is no camera. */
export const chooseMedia = asyncApi(
  'chooseMedia',
  async ({ count = 9, mediaType = ['image', 'video'] }: MediaOptions) => {
    const accept = mediaType.includes('mix') ? ['image', 'video'] : mediaType
    const files = await pick(accept.map((type) => `${type}/*`).join(','), count)
    const kinds = new Set(files.map(kindOf))
    return {
      type: kinds.size > 1 ? 'mix' : [...kinds][0],
      tempFiles: files.map((file) => ({
        tempFilePath: keep(file),
        size: file.size,
        fileType: kindOf(file),
      })),
    }
  },
)

function pick(accept: string, count: number): Promise<File[]> {
  const input = createElement('input')
  input.type = 'file'
  input.accept = accept
  input.multiple = count > 1
  return new Promise((resolve, reject) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])].slice(0, count)))
    input.addEventListener('cancel', () => reject(new ApiFailure('cancel')))
    input.click()
  })
}

function keep(file: File): string {
  return addTempFile(file, extensionOf(file.name))
}

function kindOf({ type }: File): string | undefined {
  return /^(image|video)\//.exec(type)?.[1]
}
