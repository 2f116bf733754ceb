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

/** How long a signature lasts; folded below it, what was signed. Draws nothing before. */
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
    fields: [] as string[],
    copied: '',
    /** The inspector, which takes URLs; empty for a form. */
    inspectUrl: '',
  },
  observers: {
    signed(signed: Signed | null) {
      const fields = linesOf(signed?.fields)
      this.setData({
        until: signed ? formatTime(signed.expiresAt) : '',
        fields,
        copied: signed ? [signed.url, ...fields].join('\n') : '',
        inspectUrl: signed && !signed.fields ? inspectUrl(signed) : '',
      })
    },
  },
})

function inspectUrl({ url, method = 'GET', headers }: Signed): string {
  const lines = encodeURIComponent(linesOf(headers).join('\n'))
  return `/presign/presign?url=${encodeURIComponent(url)}&method=${method}&headers=${lines}`
}

/** `name: value` */
function linesOf(fields: Record<string, string> = {}): string[] {
  return Object.keys(fields).map((name) => `${name}: ${fields[name]}`)
}
