import { answer, FailReason, type Failure } from './node-wx/answer'
import { Files, toBuffer, type Bytes, type SyntheticFile } from './node-wx/files'
import { downloadFile, request, uploadFile } from './node-wx/network'

type Wx = WechatMiniprogram.Wx

/** Asynchronous APIs that only succeed here: tests look at `calls`. */
const recordOnly = [
  'disableAlertBeforeUnload',
  'enableAlertBeforeUnload',
  'navigateBack',
  'navigateTo',
  'openDocument',
  'pageScrollTo',
  'previewImage',
  'reLaunch',
  'redirectTo',
  'restartMiniProgram',
  'setClipboardData',
  'setKeepScreenOn',
  'setNavigationBarTitle',
  'showToast',
] as const

type Implemented = Pick<
  Wx,
  | 'chooseMedia'
  | 'chooseMessageFile'
  | 'getAccountInfoSync'
  | 'getAppBaseInfo'
  | 'getDeviceInfo'
  | 'getPrivacySetting'
  | 'getSetting'
  | 'getStorageInfoSync'
  | 'getStorageSync'
  | 'getWindowInfo'
  | 'login'
  | 'openSetting'
  | 'removeStorageSync'
  | 'saveImageToPhotosAlbum'
  | 'saveVideoToPhotosAlbum'
  | 'scanCode'
  | 'setStorageSync'
  | 'showModal'
  | (typeof recordOnly)[number]
> & {
  request(option: WechatMiniprogram.RequestOption): ReturnType<typeof request>
  uploadFile(option: WechatMiniprogram.UploadFileOption): ReturnType<typeof uploadFile>
  downloadFile(option: WechatMiniprogram.DownloadFileOption): ReturnType<typeof downloadFile>
  getFileSystemManager(): Files['manager']
  canIUse(schema: string): boolean
  nextTick(callback: () => void): void
  readonly env: { readonly USER_DATA_PATH: string }
}

export interface NodeWxOptions {
  /** Language of WeChat. Default `zh_CN`. */
  language?: string
  /** Default `develop`. */
  envVersion?: 'develop' | 'trial' | 'release'
  /** The code that wx.login gives. Default `node-wx-code`. */
  loginCode?: string
  /** Entries of the storage at the start. */
  storage?: Record<string, unknown>
}

export interface ChosenFile {
  name: string
  bytes: Bytes
  /** Default `file`, and for chooseMedia `image`. */
  type?: 'image' | 'video' | 'file'
  /** Of a video in the album: its length in seconds, and its picture. Default: neither is told. */
  duration?: number
  thumb?: Bytes
}

export interface Call {
  api: string
  option: Record<string, unknown>
}

/** The phone's album, and what its owner lets the app do with it. */
export interface Album {
  /** Undefined until the owner was asked, which happens at the first time of saving: they agree. */
  allowed: boolean | undefined
  /** How saving fails for another reason. */
  refusal: { reason: string; errno?: number } | undefined
}

/** The part of `wx` that is implemented, and what tests need around it. */
export interface NodeWx extends Implemented {
  /** Every call of an asynchronous API, in order. */
  readonly calls: Call[]
  /** Tests set it. What is saved shows in `calls`. */
  readonly album: Album
  /** Tests set what the person answers to wx.showModal. At first they agree. */
  readonly person: { agrees: boolean }
  /** Makes a file as if the user had chosen it, and returns its `wxfile://` path. */
  addTempFile(content: Bytes | SyntheticFile, name?: string): string
  /** From now on the storage takes no more than this many KB: with 0 it is full. Default 10240. */
  limitStorage(limitSize: number): void
  /** Queues the outcome of the next chooseMedia or chooseMessageFile: files, a cancel, a failure. */
  nextChosen(outcome: ChosenFile[] | 'cancel' | { reason: string; errno: number }): void
  /** Removes the files. */
  dispose(): Promise<void>
}

type Chosen = ChosenFile & { path: string; size: number; thumbPath: string }

function messageFiles(files: Chosen[]) {
  const time = Math.floor(Date.now() / 1000)
  return {
    tempFiles: files.map(({ name, path, size, type = 'file' }) => ({
      name,
      path,
      size,
      time,
      type,
    })),
  }
}

function mediaFiles(files: Chosen[]) {
  const tempFiles = files.map(({ path, size, type = 'image', duration = 0, thumbPath }) => ({
    tempFilePath: path,
    size,
    fileType: type,
    duration,
    height: 0,
    width: 0,
    thumbTempFilePath: thumbPath,
  }))
  const types = new Set(tempFiles.map((file) => file.fileType))
  return { type: types.size === 1 ? [...types][0] : 'mix', tempFiles }
}

function memoryStorage(entries: Record<string, unknown>) {
  // As JSON, so that what is read back is a copy, as on the phone.
  const stored = new Map(Object.entries(entries).map(([key, data]) => [key, JSON.stringify(data)]))
  let limitSize = 10 * 1024
  const bytesOf = (items: Map<string, string>) =>
    [...items].reduce((sum, [key, text]) => sum + Buffer.byteLength(key + text), 0)
  return {
    getStorageSync: (key: string) => JSON.parse(stored.get(key) ?? '""') as never,
    setStorageSync: (key: string, data: unknown) => {
      const text = JSON.stringify(data)
      if (bytesOf(new Map(stored).set(key, text)) > limitSize * 1024) {
        const errMsg = 'setStorageSync:fail exceed storage max size 10Mb'
        throw Object.assign(new Error(errMsg), { errMsg })
      }
      stored.set(key, text)
    },
    removeStorageSync: (key: string) => void stored.delete(key),
    getStorageInfoSync: () => ({
      keys: [...stored.keys()],
      currentSize: Math.ceil(bytesOf(stored) / 1024),
      limitSize,
    }),
    limitStorage: (kilobytes: number) => {
      limitSize = kilobytes
    },
  }
}

function platformInfo({ language = 'zh_CN', envVersion = 'develop' }: NodeWxOptions) {
  return {
    getAppBaseInfo: () => ({ SDKVersion: '3.8.0', version: '8.0.50', language, theme: 'light' }),
    getAccountInfoSync: () => ({ miniProgram: { appId: 'touristappid', envVersion, version: '' } }),
    getDeviceInfo: () => ({ brand: 'devtools', model: 'node', platform: 'devtools', system: '' }),
    getWindowInfo: () => ({
      pixelRatio: 2,
      statusBarHeight: 20,
      windowWidth: 375,
      windowHeight: 667,
      screenWidth: 375,
      screenHeight: 667,
      safeArea: { left: 0, right: 375, top: 20, bottom: 667, width: 375, height: 647 },
    }),
  }
}

/**
 * A `wx` whose network and files are real (node:http, the file system), so that the code of
 * miniprogram/ runs against real servers. Works under node and under jsdom.
 *
 * What differs from a phone: no domain list, no redirects, no limit on parallel requests; the
 * target of a URL is sent exactly as given; headers are named as the server spelled them.
 */
export function createNodeWx(options: NodeWxOptions = {}): NodeWx {
  const files = new Files()
  const calls: Call[] = []
  const downloads: { abort(): void }[] = []
  const outcomes: Parameters<NodeWx['nextChosen']>[0][] = []

  const person = { agrees: true }
  const album: Album = { allowed: undefined, refusal: undefined }

  const record = (api: string, option: object = {}) =>
    void calls.push({ api, option: { ...option } })
  const api = (name: string, work: (option: object) => unknown) => (option?: object) => {
    record(name, option)
    return answer(name, option, () => work(option ?? {}))
  }
  const settings = () => ({
    authSetting: album.allowed === undefined ? {} : { 'scope.writePhotosAlbum': album.allowed },
  })
  const save = () => {
    if (album.refusal) throw new FailReason(album.refusal.reason, album.refusal.errno)
    album.allowed ??= true
    if (!album.allowed) throw new FailReason('auth deny')
  }
  const choose = (name: string, toResult: (chosen: Chosen[]) => object) => (option?: object) => {
    record(name, option)
    const outcome = outcomes.shift()
    if (!outcome) throw new Error(`wx.${name} was called, but nothing is queued: call nextChosen`)
    return answer(name, option, () => {
      if (outcome === 'cancel') throw new FailReason('cancel')
      if (!Array.isArray(outcome)) throw new FailReason(outcome.reason, outcome.errno)
      return toResult(
        outcome.map((file) => ({
          ...file,
          path: files.addTempFile(file.bytes, file.name),
          size: toBuffer(file.bytes).length,
          thumbPath: file.thumb ? files.addTempFile(file.thumb, 'thumb.jpg') : '',
        })),
      )
    })
  }
  const wx = {
    ...memoryStorage(options.storage ?? {}),
    ...platformInfo(options),
    ...Object.fromEntries(recordOnly.map((name) => [name, api(name, () => undefined)])),
    request: (option: WechatMiniprogram.RequestOption) => {
      record('request', option)
      return request(option)
    },
    uploadFile: (option: WechatMiniprogram.UploadFileOption) => {
      record('uploadFile', option)
      return uploadFile(files, option)
    },
    downloadFile: (option: WechatMiniprogram.DownloadFileOption) => {
      record('downloadFile', option)
      const task = downloadFile(files, option)
      downloads.push(task)
      return task
    },
    getFileSystemManager: () => files.manager,
    getPrivacySetting: api('getPrivacySetting', () => ({
      needAuthorization: true,
      privacyContractName: '《隐私保护指引》',
    })),
    getSetting: api('getSetting', settings),
    openSetting: api('openSetting', settings),
    saveImageToPhotosAlbum: api('saveImageToPhotosAlbum', save),
    saveVideoToPhotosAlbum: api('saveVideoToPhotosAlbum', save),
    scanCode: api('scanCode', () => {
      throw new FailReason('cancel')
    }),
    album,
    person,
    showModal: api('showModal', () => ({ confirm: person.agrees, cancel: !person.agrees })),
    login: api('login', () => ({ code: options.loginCode ?? 'node-wx-code' })),
    chooseMessageFile: choose('chooseMessageFile', messageFiles),
    chooseMedia: choose('chooseMedia', mediaFiles),
    canIUse: (schema: string) => (schema.split('.')[0] ?? '') in wx,
    nextTick: (callback: () => void) => queueMicrotask(callback),
    env: { USER_DATA_PATH: 'wxfile://usr' },
    calls,
    addTempFile: (content: Bytes | SyntheticFile, name?: string) =>
      files.addTempFile(content, name),
    nextChosen: (outcome: (typeof outcomes)[number]) => void outcomes.push(outcome),
    dispose: () => {
      for (const download of downloads) download.abort()
      return files.dispose()
    },
  }
  return wx as unknown as NodeWx
}

/** Makes a new NodeWx the global `wx`. `restore` puts the former one back and removes the files. */
export function installNodeWx(options?: NodeWxOptions): { wx: NodeWx; restore(): Promise<void> } {
  const scope = globalThis as { wx?: unknown }
  const former = scope.wx
  const wx = createNodeWx(options)
  scope.wx = wx
  return {
    wx,
    restore: () => {
      scope.wx = former
      return wx.dispose()
    },
  }
}

export type { Bytes, Failure, SyntheticFile }
