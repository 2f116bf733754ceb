import { en } from './en'
import { zhCN, type Messages } from './zh-CN'

export type { Messages } from './zh-CN'

/** The texts in WeChat's language: Chinese for any `zh_…`, English for the rest. */
export function messages(): Messages {
  return wx.getAppBaseInfo().language.startsWith('zh') ? zhCN : en
}

/** Fills `{name}` places of a text. */
export function fill(text: string, values: Record<string, string | number>): string {
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

/** Seconds -> `45 s`, `1 min 5 s`. */
export function formatSeconds(seconds: number, { units }: Messages): string {
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  return fill(minutes > 0 ? units.minutes : units.seconds, { minutes, seconds: whole % 60 })
}

/** Unix seconds -> `16:05:09`, local time. */
export function formatTime(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
