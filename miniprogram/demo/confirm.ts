import { messages } from '../i18n/index'

const t = messages().confirm

/** The question that is on the screen: WeChat shows one. */
let last: Promise<unknown> = Promise.resolve()

/** Asks in a dialog, after any other question has been answered. */
export function confirm(title: string, content = ''): Promise<boolean> {
  const asked = last.then(
    () =>
      new Promise<boolean>((resolve) => {
        wx.showModal({
          title,
          content,
          confirmText: t.yes, // WeChat takes four characters
          cancelText: t.no,
          success: (answer) => resolve(answer.confirm),
          fail: () => resolve(false),
        })
      }),
  )
  last = asked
  return asked
}
