import { isChinese, messages, type Messages } from '../../i18n/index'
import { en } from './en'
import { zhCN, type SetupTexts } from './zh-CN'

export type SetupMessages = Messages & SetupTexts

/** The texts of the pages of `setup`, with those that pages share. No other page loads them. */
export function setupMessages(): SetupMessages {
  return { ...messages(), ...(isChinese() ? zhCN : en) }
}
