import { messages } from '../../i18n/index'
import { serverConfig } from '../../signing/index'
import { injectFault, removeFault, removeOrphans, type Fault } from './fault-injection'

const t = messages().drill

/** By component: the fault that has not been removed, and the last removal. */
const injected = new WeakMap<object, Promise<number>>()
const removed = new WeakMap<object, Promise<void>>()

/**
 * A folded list of the faults that the local cloud can inject. Draws nothing with real COS. The
 * caller of a transfer calls `inject` before it and `remove` after it.
 */
Component({
  properties: {
    /** The method of the requests that meet the fault. Default: all. */
    method: String,
    disabled: Boolean,
    /** Offers nothing. */
    off: Boolean,
  },
  data: {
    t,
    faults: Object.entries(t.faults).map(([fault, { name }]) => ({ fault, name })),
    /** Where the local cloud takes faults; empty where there is none. */
    faultsUrl: '',
    open: false,
    chosen: '' as Fault | '',
    /** What the chosen fault does, or did: a sentence, or empty. */
    note: '',
  },
  lifetimes: {
    async attached() {
      if (this.data.off) return
      try {
        const { faultsUrl } = await serverConfig()
        if (!faultsUrl) return
        await removeOrphans(faultsUrl)
        this.setData({ faultsUrl })
      } catch {
        // The transfer itself says what is wrong with the server.
      }
    },
    detached() {
      void this.remove()
    },
  },
  methods: {
    toggle() {
      this.setData({ open: !this.data.open })
    },

    choose({ currentTarget }: WechatMiniprogram.CustomEvent<object, object, { fault: Fault }>) {
      const { fault } = currentTarget.dataset
      const isChosen = fault === this.data.chosen
      this.setData({ chosen: isChosen ? '' : fault, note: isChosen ? '' : t.faults[fault].text })
    },

    /** Injects the chosen fault. Resolves to false, and says so, when that fails. */
    async inject(): Promise<boolean> {
      await removed.get(this)
      const { chosen, faultsUrl, method } = this.data
      if (!chosen) return true
      const injecting = injectFault(faultsUrl, chosen, method ? { method } : {})
      injected.set(this, injecting)
      return injecting.then(
        () => true,
        () => {
          injected.delete(this)
          this.setData({ chosen: '', note: t.notOrdered })
          return false
        },
      )
    },

    /** Removes the fault, also while it is still being injected: the next transfer meets none. */
    async remove(): Promise<void> {
      const injecting = injected.get(this)
      if (!injecting) return removed.get(this)
      injected.delete(this)
      const removing = injecting
        .then((id) => removeFault(this.data.faultsUrl, id))
        .then(
          () => this.setData({ chosen: '', note: t.over }),
          () => this.setData({ chosen: '', note: t.notLifted }),
        )
      removed.set(this, removing)
      return removing
    },
  },
})
