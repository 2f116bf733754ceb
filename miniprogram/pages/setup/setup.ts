import type { FailureView } from '../../components/failure-panel/failure-panel'
import { fill, messages } from '../../i18n/index'
import {
  chooseSource,
  permanentKeyAllowed,
  serverConfig,
  signingSource,
  type PermanentKey,
  type ServerConfig,
  type Source,
} from '../../signing/index'
import { failureView } from '../views'

const t = messages()

const SOURCES: Source[] = ['temporary-key', 'server-signed', 'permanent-key']

/** The fields of a permanent key, spelled as COS spells them. */
const FIELDS = ['SecretId', 'SecretKey', 'Bucket', 'Region', 'Domain'] as const
type Field = (typeof FIELDS)[number]

/** Where signatures come from. */
Page({
  /** As typed. Typing is not echoed: a late echo would undo it. */
  key: {} as Record<Field, string>,
  server: undefined as ServerConfig | undefined,

  data: {
    t: t.setup,
    sources: [] as { value: Source; title: string; text: string; disabled: boolean }[],
    /** The one that is marked: a permanent key is in use only after its form was sent. */
    marked: signingSource(),
    inUse: '',
    fields: FIELDS.map((name) => ({ name, value: '', optional: name === 'Domain' })),
    missing: '',
    failure: null as FailureView | null,
  },

  async onLoad() {
    wx.setNavigationBarTitle({ title: t.setup.title })
    this.key = { SecretId: '', SecretKey: '', Bucket: '', Region: '', Domain: '' }
    this.setData({
      sources: SOURCES.map((value) => {
        const disabled = value === 'permanent-key' && !permanentKeyAllowed()
        const { title, text } = t.sources[value]
        return { value, title, text: disabled ? `${text}${t.setup.notAllowed}` : text, disabled }
      }),
    })
    this.showInUse()
    try {
      this.server = await serverConfig()
      this.proposeBucket(this.server)
    } catch {
      // A permanent key needs no server: its form is filled in by hand then.
    }
  },

  onMark({ detail }: WechatMiniprogram.CustomEvent<{ value: Source }>) {
    this.setData({ marked: detail.value, failure: null, missing: '' })
    if (detail.value !== 'permanent-key') this.choose(detail.value)
  },

  onType({ detail, currentTarget }: WechatMiniprogram.Input<object, { name: Field }>) {
    this.key[currentTarget.dataset.name] = detail.value.trim()
    this.setData({ missing: '' })
  },

  onUseKey() {
    const missing = FIELDS.filter((name) => name !== 'Domain' && !this.key[name])
    const fields = missing.join(t.setup.comma)
    this.setData({ missing: fields && fill(t.setup.missing, { fields }) })
    const Protocol = this.key.Domain === this.server?.host ? this.server.protocol : 'https:'
    if (!fields) this.choose('permanent-key', { ...this.key, Protocol })
  },

  choose(source: Source, key?: PermanentKey) {
    try {
      chooseSource(source, key)
      this.setData({ failure: null })
    } catch (error) {
      this.setData({ failure: failureView(error, t) })
    }
    this.showInUse()
  },

  showInUse() {
    const { title } = t.sources[signingSource()]
    this.setData({ inUse: fill(t.setup.inUse, { source: title }) })
  },

  /** The server's bucket, where nothing else was typed meanwhile. Real COS needs no Domain. */
  proposeBucket({ bucket, region, host, localCloud }: ServerConfig) {
    const proposal = { Bucket: bucket, Region: region, Domain: localCloud ? host : '' }
    for (const [name, value] of Object.entries(proposal) as [Field, string][]) {
      if (this.key[name]) continue
      this.key[name] = value
      this.setData({ [`fields[${FIELDS.indexOf(name)}].value`]: value })
    }
  },
})
