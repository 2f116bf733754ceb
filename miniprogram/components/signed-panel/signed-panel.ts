import { formatTime, messages } from '../../i18n/index'

/** What was signed: a URL, or a URL and form fields. */
export interface Signed {
  url: string
  fields?: Record<string, string>
  /** Unix seconds. */
  expiresAt: number
}

/** Shows what a signature covers and how long it lasts. */
Component({
  properties: {
    /** What gets signed here, in one sentence. */
    about: String,
    signed: { type: null, value: null as Signed | null },
  },
  data: {
    t: messages().signed,
    until: '',
    fields: [] as { name: string; value: string }[],
  },
  observers: {
    signed(signed: Signed | null) {
      this.setData({
        until: signed ? formatTime(signed.expiresAt) : '',
        fields: Object.entries(signed?.fields ?? {}).map(([name, value]) => ({ name, value })),
      })
    },
  },
})
