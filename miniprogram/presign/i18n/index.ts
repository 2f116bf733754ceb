import { isChinese, messages, type Messages } from '../../i18n/index'
import { en } from './en'
import { zhCN, type PresignTexts } from './zh-CN'

export type PresignMessages = Messages & PresignTexts

/** The texts of the page `presign`, with those that pages share. No other page loads them. */
export function presignMessages(): PresignMessages {
  return { ...messages(), ...(isChinese() ? zhCN : en) }
}
