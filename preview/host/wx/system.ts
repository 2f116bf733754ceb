import { isChinese } from '../language'
import { currentTheme } from '../theme'
import { asyncApi } from './async-api'

/** As in WeChat, a code is good for one login. */
export const login = asyncApi('login', () => ({
  code: Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join(
    '',
  ),
}))

export function getAppBaseInfo() {
  return {
    SDKVersion: '3.8.0',
    version: '8.0.50',
    language: isChinese ? 'zh_CN' : 'en',
    theme: currentTheme(),
    enableDebug: false,
  }
}

export function getAccountInfoSync() {
  return { miniProgram: { appId: 'touristappid', envVersion: 'develop', version: '' } }
}

/** Restarts the app at a page. */
export const restartMiniProgram = asyncApi('restartMiniProgram', ({ path }: { path: string }) => {
  history.replaceState(null, '', `#/${path.replace(/^\//, '')}`)
  location.reload()
})

/** There is no agreement to ask for in a browser. */
export const getPrivacySetting = asyncApi('getPrivacySetting', () => ({
  needAuthorization: false,
  privacyContractName: '',
}))

export function getDeviceInfo() {
  return { brand: 'browser', model: 'preview', system: navigator.platform, platform: 'devtools' }
}
