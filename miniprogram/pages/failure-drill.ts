/** The failure drill: the next transfer meets a fault that the local cloud was asked for. */
import type { Drill, Fault } from '../components/failure-drill/failure-drill'
import type { Messages } from '../i18n/index'
import { serverConfig } from '../signing/index'

/** A page with a drill, as seen by the methods below. */
export interface DrillPage {
  data: { t: Messages; drill: Drill | null }
  setData(data: { drill: Drill | null }): void
  faultsUrl: string
  /** The requests of a transfer that meet the fault. */
  faultMatch: { method?: 'PUT' }
  isFaultOrdered: boolean
  offerDrill(): Promise<void>
  onDrill(event: WechatMiniprogram.CustomEvent<{ fault: Fault | '' }>): void
  orderFault(): Promise<boolean>
  liftFault(): Promise<void>
}

/** In the local cloud's words. A share of 1: what is tried again by itself meets the fault again. */
const ORDERS: Record<Fault, object> = {
  expired: { kind: 'expired', share: 1 },
  clock: { kind: 'skew', share: 1 },
  forbidden: { kind: '403', share: 1 },
  busy: { kind: '503', share: 1 },
  slow: { kind: 'slow', delay: 12_000, times: 3 },
  dropped: { kind: 'drop-before', share: 1 },
}

const TIMEOUT = 5000

/** Spread this into the object that is given to Page. */
export const drillPage: Omit<DrillPage, 'data' | 'setData'> & ThisType<DrillPage> = {
  faultsUrl: '',
  faultMatch: {},
  isFaultOrdered: false,

  /** Nothing is offered on real COS, nor where the local cloud takes no orders from here. */
  async offerDrill() {
    try {
      const { faultsUrl } = await serverConfig()
      if (!faultsUrl) return
      await askLocalCloud(faultsUrl, 'GET')
      this.faultsUrl = faultsUrl
      this.setData({ drill: { chosen: '', note: '' } })
    } catch {
      // The transfer itself says what is wrong with the server.
    }
  },

  onDrill({ detail: { fault } }) {
    const { faults } = this.data.t.drill
    this.setData({ drill: { chosen: fault, note: fault && faults[fault].text } })
  },

  /** Before a transfer. Gives false, and says so, when the fault that was chosen cannot be had. */
  async orderFault() {
    const { drill, t } = this.data
    if (!drill?.chosen) return true
    try {
      await askLocalCloud(this.faultsUrl, 'POST', {
        ...ORDERS[drill.chosen],
        match: this.faultMatch,
      })
      this.isFaultOrdered = true
    } catch {
      this.setData({ drill: { chosen: '', note: t.drill.notOrdered } })
    }
    return this.isFaultOrdered
  },

  /** After a transfer, so that the next one meets nothing. */
  async liftFault() {
    if (!this.isFaultOrdered) return
    this.isFaultOrdered = false
    const { over, notLifted } = this.data.t.drill
    const note = await askLocalCloud(this.faultsUrl, 'DELETE').then(
      () => over,
      () => notLifted,
    )
    this.setData({ drill: { chosen: '', note } })
  },
}

function askLocalCloud(url: string, method: 'GET' | 'POST' | 'DELETE', data?: object) {
  return new Promise<void>((resolve, reject) => {
    wx.request({
      url,
      method,
      data,
      timeout: TIMEOUT,
      success: ({ statusCode }) => (statusCode < 300 ? resolve() : reject(new Error())),
      fail: reject,
    })
  })
}
