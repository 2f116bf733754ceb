import { createElement } from '../element'
import { ApiFailure, asyncApi } from './async-api'
import { addTempFile, extensionOf, urlOf } from './temp-files'

/** Milliseconds within which a browser shows the first picture of a video that it can play. */
const PATIENCE = 3000

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

/** The album is the computer's files too; there is no camera, unless the browser offers one. */
export const chooseMedia = asyncApi(
  'chooseMedia',
  async ({ count = 9, mediaType = ['image', 'video'] }: MediaOptions) => {
    const accept = mediaType.includes('mix') ? ['image', 'video'] : mediaType
    const files = await pick(accept.map((type) => `${type}/*`).join(','), count)
    const kinds = new Set(files.map(kindOf))
    return {
      type: kinds.size > 1 ? 'mix' : [...kinds][0],
      tempFiles: await Promise.all(files.map(mediaFile)),
    }
  },
)

async function mediaFile(file: File) {
  const tempFilePath = keep(file)
  const isVideo = kindOf(file) === 'video'
  const seen = isVideo ? await look(tempFilePath) : { duration: 0, thumbTempFilePath: '' }
  return { tempFilePath, size: file.size, fileType: kindOf(file), ...seen }
}

/** Length in seconds and a picture of a video; neither, where the browser cannot play it. */
async function look(path: string): Promise<{ duration: number; thumbTempFilePath: string }> {
  const video = createElement('video')
  video.muted = true
  video.preload = 'auto'
  video.src = urlOf(path)
  try {
    await new Promise((resolve, reject) => {
      video.addEventListener('loadeddata', resolve)
      video.addEventListener('error', reject)
      setTimeout(reject, PATIENCE)
    })
    const picture = await frameOf(video)
    const thumbTempFilePath = picture ? addTempFile(picture, 'jpg') : ''
    return { duration: Number.isFinite(video.duration) ? video.duration : 0, thumbTempFilePath }
  } catch {
    return { duration: 0, thumbTempFilePath: '' }
  }
}

function frameOf(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg'))
}

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
