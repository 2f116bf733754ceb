import { formatBytes } from '../i18n/index'

/** A file that the person chose. */
export interface PickedFile {
  /** Temporary path; may not outlive the app. */
  path: string
  /** A photo has none of its own: it is called after the time at which it was chosen. */
  name: string
  /** Bytes. */
  size: number
  kind: 'image' | 'video' | 'file'
  /** Path of a picture of it; empty where there is none. */
  thumb: string
  /** Of a video, in seconds; 0 where it is not known. */
  duration: number
}

/** What a person sees of a file besides its name: `0:12 · 8.2 MB`. */
export function aboutFile({ size, duration }: PickedFile): string {
  return [duration > 0 && minutes(duration), formatBytes(size)].filter(Boolean).join(' · ')
}

/** Seconds -> `1:05`. */
function minutes(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
