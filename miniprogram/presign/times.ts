import { fill, formatTime } from '../i18n/index'
import type { PresignMessages } from './i18n/index'

/** Unix seconds -> `2026-05-14 16:05:09`, local time. */
export function dateTime(unixSeconds: number): string {
  if (!Number.isFinite(unixSeconds)) return '—'
  const date = new Date(unixSeconds * 1000)
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-')
  return `${day} ${formatTime(unixSeconds)}`
}

/** Seconds -> `00:14:59`, `3 d 04:00:00`. */
export function duration(seconds: number, t: PresignMessages): string {
  const whole = Math.max(0, Math.floor(seconds))
  const time = [(whole / 3600) % 24, (whole / 60) % 60, whole % 60]
    .map((part) => twoDigits(Math.floor(part)))
    .join(':')
  const days = Math.floor(whole / 86_400)
  return days > 0 ? fill(t.inspector.days, { days, time }) : time
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0')
}
