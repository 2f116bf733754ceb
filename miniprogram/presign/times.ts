import { fill, formatSeconds, formatTime } from '../i18n/index'
import type { PresignMessages } from './i18n/index'

/** Unix seconds -> `2026-05-14 16:05:09`, local time. */
export function dateTime(unixSeconds: number): string {
  if (!Number.isFinite(unixSeconds)) return '—'
  const date = new Date(unixSeconds * 1000)
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-')
  return `${day} ${formatTime(unixSeconds)}`
}

/** Seconds -> `14 min 59 s`, `3 d 4 h 0 min`. */
export function duration(seconds: number, t: PresignMessages): string {
  // Never more than is left: hours and minutes are not rounded up.
  const whole = Math.max(0, Math.floor(seconds < 3600 ? seconds : seconds - (seconds % 60)))
  const days = Math.floor(whole / 86_400)
  const time = formatSeconds(whole % 86_400, t)
  return days > 0 ? fill(t.inspector.days, { days, time }) : time
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0')
}
