import { formatTime, messages } from '../../i18n/index'

/** What was signed: a URL, or a URL and form fields. */
export interface Signed {
  url: string
  fields?: Record<string, string>
  /** Unix seconds. */
  expiresAt: number
  /** Of a URL: what it is to be sent with. */
  method?: string
  headers?: Record<string, string>
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
    inspect: messages().inspect.url,
    until: '',
    fields: [] as { name: string; value: string }[],
    /** The inspector, which takes URLs; empty for a form. */
    inspectUrl: '',
  },
  observers: {
    signed(signed: Signed | null) {
      this.setData({
        until: signed ? formatTime(signed.expiresAt) : '',
        fields: Object.entries(signed?.fields ?? {}).map(([name, value]) => ({ name, value })),
        inspectUrl: signed && !signed.fields ? inspectUrl(signed) : '',
      })
    },
  },
})

function inspectUrl({ url, method = 'GET', headers = {} }: Signed): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const query = { url, method, headers: lines.join('\n') }
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `/pages/presign/presign?${pairs.join('&')}`
}
