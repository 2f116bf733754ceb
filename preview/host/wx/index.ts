import { navigateBack, navigateTo, redirectTo, reLaunch } from '../pages'
import { asyncApi } from './async-api'
import { chooseMedia, chooseMessageFile } from './choose'
import { getFileSystemManager, userDataPath } from './files'
import { downloadFile, request, uploadFile } from './network'
import {
  getStorageInfoSync,
  getStorageSync,
  presetStorage,
  removeStorageSync,
  setStorageSync,
} from './storage'
import { getAccountInfoSync, getAppBaseInfo, getDeviceInfo, getWindowInfo } from './system'
import { login, nextTick } from './system'
import {
  openDocument,
  previewImage,
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
    downloadFile,
    getAccountInfoSync,
    getAppBaseInfo,
    getDeviceInfo,
    getFileSystemManager,
    getStorageInfoSync,
    getStorageSync,
    getWindowInfo,
    login,
    navigateBack: asyncApi('navigateBack', navigateBack),
    navigateTo: asyncApi('navigateTo', navigateTo),
    nextTick,
    openDocument,
    previewImage,
    reLaunch: asyncApi('reLaunch', reLaunch),
    redirectTo: asyncApi('redirectTo', redirectTo),
    removeStorageSync,
    request,
    setClipboardData,
    setNavigationBarTitle,
    setStorageSync,
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
