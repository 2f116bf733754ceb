import { askBeforeUnload, navigateBack, navigateTo, redirectTo, reLaunch } from '../pages'
import { getSetting, openSetting, saveImageToPhotosAlbum, saveVideoToPhotosAlbum } from './album'
import { asyncApi } from './async-api'
import { chooseMedia, chooseMessageFile } from './choose'
import { getFileSystemManager, userDataPath } from './files'
import { downloadFile, request, uploadFile } from './network'
import { showModal } from './modal'
import {
  getStorageInfoSync,
  getStorageSync,
  presetStorage,
  removeStorageSync,
  setStorageSync,
} from './storage'
import { getAccountInfoSync, getAppBaseInfo, getDeviceInfo } from './system'
import { getPrivacySetting, login, restartMiniProgram } from './system'
import {
  openDocument,
  pageScrollTo,
  previewImage,
  scanCode,
  setClipboardData,
  setNavigationBarTitle,
  showToast,
} from './ui'

/** The `wx` object: what the mini program uses. Anything else is undefined, and named in a warning. */
export function createWx(): object {
  presetStorage()
  const apis: Record<string, unknown> = {
    env: { USER_DATA_PATH: userDataPath },
    canIUse: (name: string) => (name.split('.')[0] ?? '') in apis,
    chooseMedia,
    chooseMessageFile,
    disableAlertBeforeUnload: asyncApi('disableAlertBeforeUnload', () =>
      askBeforeUnload(undefined),
    ),
    downloadFile,
    enableAlertBeforeUnload: asyncApi(
      'enableAlertBeforeUnload',
      ({ message }: { message: string }) => askBeforeUnload(message),
    ),
    getAccountInfoSync,
    getAppBaseInfo,
    getDeviceInfo,
    getFileSystemManager,
    getPrivacySetting,
    getSetting,
    getStorageInfoSync,
    getStorageSync,
    login,
    navigateBack: asyncApi('navigateBack', navigateBack),
    navigateTo: asyncApi('navigateTo', navigateTo),
    openDocument,
    openSetting,
    pageScrollTo,
    previewImage,
    reLaunch: asyncApi('reLaunch', reLaunch),
    redirectTo: asyncApi('redirectTo', redirectTo),
    removeStorageSync,
    request,
    restartMiniProgram,
    saveImageToPhotosAlbum,
    saveVideoToPhotosAlbum,
    scanCode,
    setClipboardData,
    setKeepScreenOn: asyncApi('setKeepScreenOn', () => {}),
    setNavigationBarTitle,
    setStorageSync,
    showModal,
    showToast,
    uploadFile,
  }
  return new Proxy(apis, {
    get(target, name: string) {
      // oxlint-disable-next-line no-console
      if (!(name in target)) console.warn(`wx.${name} is not in the preview`)
      return target[name]
    },
  })
}
