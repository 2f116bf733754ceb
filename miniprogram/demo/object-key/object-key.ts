import type { FailureView } from '../../components/failure-panel/failure-panel'
import type { PickedFile } from '../../components/picked-file'
import { messages } from '../../i18n/index'
import { userPrefix, withoutPrefix } from '../../signing/index'
import { describeFailure } from '../describe'
import { keyProblemText } from '../describe-transfer'
import { proposedKey } from '../proposed-key'
import { recentUploads } from '../recent-uploads'

const t = messages()

/**
 * The object key below the user's prefix. A name is proposed for each file, different from those
 * of recent uploads. A name that was typed or set stays for the first file that is chosen.
 * Event: `change` when a name is typed.
 */
Component({
  properties: {
    file: { type: null, value: null as PickedFile | null },
    /** A key to propose in place of one by the file's name. */
    proposal: String,
    /** The name at first. */
    name: String,
    /** In place of the field, where each file of a queue has one of its own. */
    hint: String,
    disabled: Boolean,
  },
  data: {
    prefix: '',
    /** Of the file that a name was proposed for. */
    path: '',
    initialName: '',
    /** The name below the prefix. */
    value: '',
    isEdited: false,
    problem: '',
    /** Why the prefix is not known. */
    failure: null as FailureView | null,
  },
  observers: {
    /** Runs for any change of the page, so it compares paths. */
    'file, proposal'(file: PickedFile | null, proposal: string) {
      const path = file?.path ?? ''
      if (path === this.data.path) return
      const isFirst = this.data.path === ''
      this.setData({ path })
      if (file && !(isFirst && this.data.isEdited)) this.propose(file, proposal)
    },
    name(name: string) {
      if (name === this.data.initialName) return
      this.setData({ initialName: name })
      this.setName(name)
    },
    /** The start of a transfer logs in again where the first login has failed. */
    disabled(disabled: boolean) {
      if (disabled && !this.data.prefix) void this.login().catch(() => {}) // the transfer shows why
    },
  },
  lifetimes: {
    attached() {
      this.login().catch((error: unknown) => {
        this.setData({ failure: describeFailure(error, t) })
      })
    },
  },
  methods: {
    async login() {
      this.setData({ failure: null })
      const prefix = await userPrefix()
      this.setData({ prefix })
      if (this.data.value.startsWith(prefix)) this.show(this.data.value)
    },

    type({ detail: { value } }: WechatMiniprogram.CustomEvent<{ value: string }>) {
      this.setData({ value, isEdited: value !== '' })
      this.validate()
      this.triggerEvent('change')
    },

    /** Shows what is wrong with the name. Gives the name, or an empty text if it cannot be used. */
    validate(): string {
      const { prefix, value } = this.data
      const problem = keyProblemText(prefix, value, t)
      this.setData({ problem })
      return problem ? '' : value
    },

    getName(): string {
      return this.data.value
    },

    /** The whole key, as far as the prefix is known. */
    getKey(): string {
      return this.data.prefix + this.data.value
    },

    /** The name that was typed or set: empty where it is a proposal. */
    getEditedName(): string {
      return this.data.isEdited ? this.data.value : ''
    },

    /** Replaces the name. A whole key loses its prefix. */
    setName(key: string) {
      this.show(key)
      this.setData({ isEdited: true })
    },

    /** Proposes a name for the next file again. */
    reset() {
      this.show('')
      this.setData({ isEdited: false })
    },

    propose({ name }: PickedFile, proposal: string) {
      const { prefix } = this.data
      const taken = recentUploads(prefix).map((key) => withoutPrefix(key, prefix))
      this.show(proposal || proposedKey(name, { taken }))
      this.setData({ isEdited: false })
    },

    show(key: string) {
      this.setData({ value: withoutPrefix(key, this.data.prefix), problem: '' })
    },
  },
})
