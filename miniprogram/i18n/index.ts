import { en } from './en'
import { zhCN, type Messages } from './zh-CN'

export type { Messages } from './zh-CN'

export type Language = 'zh-CN' | 'en'

/** The storage entry of a language that was chosen. */
const LANGUAGE = 'language'

/** The language that was chosen; undefined where the app follows WeChat. */
export function chosenLanguage(): Language | undefined {
  const language: unknown = wx.getStorageSync(LANGUAGE)
  return language === 'zh-CN' || language === 'en' ? language : undefined
}

/** Undefined follows WeChat. Pages have their texts already: it takes effect at the next launch. */
export function chooseLanguage(language: Language | undefined): void {
  if (language) wx.setStorageSync(LANGUAGE, language)
  else wx.removeStorageSync(LANGUAGE)
}

/** The language of the texts: the chosen one, or WeChat's. Chinese for any `zh_…`, English for the rest. */
export function isChinese(): boolean {
  return (chosenLanguage() ?? wx.getAppBaseInfo().language).startsWith('zh')
}

/** The texts that pages share. */
export function messages(): Messages {
  return isChinese() ? zhCN : en
}

/** Fills `{name}` places of a text. One whose value is not known stays. */
export function fill(text: string, values: Record<string, string | number | undefined>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
}

/** 1536 -> `1.5 KB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  // What would be rounded to 1024 is one of the next unit.
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** Seconds -> `45 s`, `1 min 5 s`, `8 h 0 min`. */
export function formatSeconds(seconds: number, { units }: Messages): string {
  const whole = Math.round(seconds)
  if (whole < 3600) {
    const minutes = Math.floor(whole / 60)
    return fill(minutes > 0 ? units.minutes : units.seconds, { minutes, seconds: whole % 60 })
  }
  const minutes = Math.round(whole / 60)
  return fill(units.hours, { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
}

/** Unix seconds -> `16:05:09`, local time. */
export function formatTime(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
