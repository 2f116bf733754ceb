import { fill, messages } from '../../i18n/index'
import { latest } from '../latest'

/** What is known of the permission, then the result of saving. Each has its sentence in `i18n/`. */
type State =
  | 'unasked'
  | 'allowed'
  | 'denied'
  | 'saved'
  | 'cancelled'
  | 'undeclared'
  | 'disagreed'
  | 'phoneDenied'
  | 'notMedia'
  | 'failed'

/** A late permission answer must not overwrite the result of saving. */
const latestReport = latest()

/**
 * Saves an image or a video to the phone's album. WeChat asks for the permission once, at the first
 * time; after a refusal only its settings can change that.
 */
Component({
  properties: {
    /** A local file: wx saves nothing from the network. */
    path: String,
    kind: { type: String, value: 'image' as 'image' | 'video' },
  },
  data: {
    t: messages().downloadObject.album,
    /** Undefined until WeChat has told of the permission. */
    state: undefined as State | undefined,
    text: '',
    saving: false,
  },
  observers: {
    path() {
      this.check()
    },
  },
  pageLifetimes: {
    /** Back from WeChat's settings, however the person got there. */
    show() {
      if (this.data.state === 'denied') this.check()
    },
  },
  methods: {
    check() {
      const isCurrent = latestReport(this)
      wx.getSetting({
        success: ({ authSetting }) => {
          if (isCurrent()) this.report(permissionOf(authSetting))
        },
      })
    },
    save() {
      const { path: filePath, kind } = this.data
      const save = kind === 'video' ? wx.saveVideoToPhotosAlbum : wx.saveImageToPhotosAlbum
      this.setData({ saving: true })
      save({
        filePath,
        success: () => this.report('saved'),
        fail: ({ errMsg }) => this.report(refusalOf(errMsg), errMsg),
        complete: () => this.setData({ saving: false }),
      })
    },
    openSettings() {
      wx.openSetting({
        success: ({ authSetting }) => this.report(permissionOf(authSetting)),
        fail: ({ errMsg }) => this.report('failed', errMsg),
      })
    },
    report(state: State, reason = '') {
      latestReport(this)
      this.setData({ state, text: fill(this.data.t[state], { reason }) })
    },
  },
})

/** https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/authorize.html */
function permissionOf(setting: WechatMiniprogram.AuthSetting): State {
  const isAllowed = setting['scope.writePhotosAlbum']
  if (isAllowed === undefined) return 'unasked'
  return isAllowed ? 'allowed' : 'denied'
}

/** DevTools, Android and iOS each have words of their own for the same refusal. */
const REFUSALS: [RegExp, State][] = [
  [/fail:? *cancel/i, 'cancelled'],
  [/system permission denied/i, 'phoneDenied'],
  [/auth den(y|ied)|authorize no response/i, 'denied'],
  [/not declared in the privacy agreement/i, 'undeclared'],
  [/privacy permission is not authorized/i, 'disagreed'],
  [/invalid (file type|image|video)/i, 'notMedia'],
]

function refusalOf(errMsg: string): State {
  return REFUSALS.find(([pattern]) => pattern.test(errMsg))?.[1] ?? 'failed'
}
