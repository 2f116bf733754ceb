import { createElement } from '../element'
import { isChinese } from '../language'
import { ApiFailure, asyncApi } from './async-api'

export interface Question {
  title?: string
  content?: string
  confirmText?: string
  cancelText?: string
}

/** Asks over the page, as WeChat does, and resolves to whether the person agrees. */
export function ask({ title = '', content = '', confirmText, cancelText }: Question) {
  return new Promise<boolean>((resolve) => {
    const dialog = createElement('div', 'mp-dialog')
    dialog.role = 'dialog'
    dialog.ariaModal = 'true'
    const answer = (text: string, isYes: boolean) => {
      const button = createElement('button', isYes ? 'mp-yes' : '', text)
      button.addEventListener('click', () => {
        mask.remove()
        resolve(isYes)
      })
      return button
    }
    const buttons = createElement('div', 'mp-dialog-buttons')
    buttons.append(
      answer(cancelText ?? (isChinese ? '取消' : 'Cancel'), false),
      answer(confirmText ?? (isChinese ? '确定' : 'OK'), true),
    )
    if (title) dialog.append(createElement('strong', '', title))
    if (content) dialog.append(createElement('p', '', content))
    dialog.append(buttons)
    const mask = createElement('div', 'mp-mask')
    mask.append(dialog)
    document.querySelector('.mp-phone')?.append(mask)
  })
}

/** Longer words on its buttons are refused, as by WeChat. */
const maxLength = 4

export const showModal = asyncApi('showModal', async (question: Question) => {
  for (const name of ['confirmText', 'cancelText'] as const) {
    if ((question[name] ?? '').length > maxLength) {
      throw new ApiFailure(`parameter error: ${name} length should not larger than 4 characters`)
    }
  }
  const confirm = await ask(question)
  return { confirm, cancel: !confirm, content: null }
})
