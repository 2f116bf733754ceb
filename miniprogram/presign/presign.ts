import { presignMessages } from './i18n/index'
import { queryValue } from '../demo/page-query'
import { serverUrl } from '../signing/index'
import type { InspectorInput } from './inspector/inspector'
import type { Form } from './playground/sign'

const t = presignMessages().presign

type Tab = 'playground' | 'inspector'
const TABS: Tab[] = ['playground', 'inspector']

/**
 * Signs with every field of the manual page; takes any signature and any 403 apart.
 * Query: `key`, `method`, `query`, `headers`, `expires` and `sign`, to sign; `url`, `method`,
 * `headers` and `answer`, to inspect; `tab`.
 */
Page({
  data: {
    t,
    tabs: TABS.map((value) => ({ value, title: t[value] })),
    tab: '' as Tab | '',
    /** A tab is made when it is first looked at, and kept. */
    seen: { playground: false, inspector: false },
    /** Of the playground, to begin with. */
    fields: {} as Partial<Form>,
    input: null as InspectorInput | null,
  },

  onLoad(query: Record<string, string | undefined>) {
    wx.setNavigationBarTitle({ title: t.title })
    const input = {
      url: queryValue(query.url),
      method: queryValue(query.method).toUpperCase(),
      headers: queryValue(query.headers),
      answer: queryValue(query.answer),
    }
    this.setData({ fields: formOf(query), input })
    const hasInput = input.url !== '' || input.answer !== ''
    const isInspector = hasInput || serverUrl() === ''
    this.open(TABS.find((tab) => tab === query.tab) ?? (isInspector ? 'inspector' : 'playground'))
  },

  onTab({ currentTarget }: WechatMiniprogram.BaseEvent<object, { value: Tab }>) {
    this.open(currentTarget.dataset.value)
  },

  onInspect({ detail: input }: WechatMiniprogram.CustomEvent<InspectorInput>) {
    this.setData({ input })
    this.open('inspector')
  },

  open(tab: Tab) {
    this.setData({ tab, [`seen.${tab}`]: true })
  },
})

/** The fields that a query names. */
function formOf(query: Record<string, string | undefined>): Partial<Form> {
  const value = (name: string) => queryValue(query[name])
  const form: Partial<Form> = {
    Key: value('key'),
    Method: value('method').toUpperCase() as Form['Method'],
    Query: value('query'),
    Headers: value('headers'),
    Expires: value('expires'),
  }
  const named = Object.entries(form).filter(([, text]) => text !== '')
  return { ...Object.fromEntries(named), ...(query.sign === 'false' && { Sign: false }) }
}
