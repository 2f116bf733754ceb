import { messages } from '../i18n/index'

const t = messages().leaving

/**
 * While something is sent, WeChat asks before it leaves the page.
 * @param isKept whether a transfer that is left can be resumed
 */
export function askBeforeLeaving(isBusy: boolean, isKept = false): void {
  if (isBusy) wx.enableAlertBeforeUnload?.({ message: isKept ? t.pauses : t.cancels })
  else wx.disableAlertBeforeUnload?.()
}

/** Tells on the next page what has become of the transfer. */
export function tellLeft(isKept = false): void {
  wx.showToast({ title: isKept ? t.paused : t.cancelled, icon: 'none', duration: 3000 })
}
