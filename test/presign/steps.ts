import { mount, type Mounted } from '../helpers/mount'
import { until } from '../helpers/until'

export const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']

/** The URL that is shown once its mask is off, and copied. */
export const urlOf = (page: Mounted) => String(page.attr('.url', 'value'))

export const signedUrl = (page: Mounted) => until(() => page.has('.url') && urlOf(page), 'the URL')

const LONG = ['Query', 'Headers']

export const type = (page: Mounted, name: string, value: string) =>
  page.input(`text-field[data-name="${name}"] ${LONG.includes(name) ? 'textarea' : 'input'}`, value)

export async function playground(query: Record<string, string> = {}) {
  const page = mount('presign/presign', { query })
  await signedUrl(page)
  return page
}

/** What there is to copy under that name. */
export function copied(page: Mounted, label: string): string {
  const { view } = page.instance.selectComponent('#playground').data as {
    view: { copies: { label: string; text: string }[] }
  }
  return view.copies.find((copy) => copy.label === label)!.text
}

export const refused = (formatString: string) =>
  `<Error><Code>SignatureDoesNotMatch</Code><FormatString>${formatString}</FormatString></Error>`

export const SIGNED = `https://examplebucket-1250000000.cos.ap-beijing.myqcloud.com/a.txt?q-sign-algorithm=sha1&q-ak=AKID${'0'.repeat(32)}&q-sign-time=1700000000%3B1700000900&q-key-time=1700000000%3B1700000600&q-header-list=content-type%3Bhost&q-url-param-list=&q-signature=0123456789abcdef0123456789abcdef01234567&x=1`
