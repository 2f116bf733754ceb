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
  /** Gives the id of the order that has not been lifted. */
  ordered?: Promise<number> | undefined
  /** Ends with what was lifted last. */
  lifted?: Promise<void> | undefined
  offerDrill(): Promise<void>
  onDrill(event: WechatMiniprogram.CustomEvent<{ fault: Fault | '' }>): void
  orderFault(): Promise<boolean>
  liftFault(): Promise<void> | undefined
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

/** Whose the orders are: those of the console are left alone. */
const BY = 'drill'
/** Ids of the orders that a page of this launch is going to lift. */
const inUse = new Set<number>()

const TIMEOUT = 5000

/** Spread this into the object that is given to Page. */
export const drillPage: Omit<DrillPage, 'data' | 'setData'> & ThisType<DrillPage> = {
  faultsUrl: '',
  faultMatch: {},

  /** Nothing is offered on real COS, nor where the local cloud takes no orders from here. */
  async offerDrill() {
    try {
      const { faultsUrl } = await serverConfig()
      if (!faultsUrl) return
      await liftLeftovers(faultsUrl)
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
    await this.lifted
    const { drill, t } = this.data
    if (!drill?.chosen) return true
    this.ordered = order(this.faultsUrl, {
      ...ORDERS[drill.chosen],
      match: this.faultMatch,
      by: BY,
    })
    return this.ordered.then(
      () => true,
      () => {
        this.ordered = undefined
        this.setData({ drill: { chosen: '', note: t.drill.notOrdered } })
        return false
      },
    )
  },

  /** After a transfer, so that the next one meets nothing; also where its order is still under way. */
  liftFault() {
    const { ordered, faultsUrl } = this
    if (!ordered) return this.lifted
    const { over, notLifted } = this.data.t.drill
    const say = (note: string) => this.setData({ drill: { chosen: '', note } })
    this.ordered = undefined
    this.lifted = ordered
      .then((id) => lift(faultsUrl, id).finally(() => inUse.delete(id)))
      .then(
        () => say(over),
        () => say(notLifted),
      )
    return this.lifted
  },
}

function order(url: string, fault: object): Promise<number> {
  const ordered = askLocalCloud<{ id: number }>('POST', url, fault).then(({ id }) => {
    inUse.add(id)
    return id
  })
  ordered.catch(() => liftLeftovers(url)).catch(() => {}) // it may have arrived all the same
  return ordered
}

/** Lifts what a page had no time to: the app was closed, or the answer to its order never came. */
async function liftLeftovers(url: string): Promise<void> {
  const faults = await askLocalCloud<{ id: number; by?: string }[]>('GET', url)
  const left = faults.filter(({ id, by }) => by === BY && !inUse.has(id))
  await Promise.all(left.map(({ id }) => lift(url, id)))
}

/** One that has struck as often as it was ordered is gone by itself. */
function lift(url: string, id: number): Promise<void> {
  return askLocalCloud('DELETE', `${url}/${id}`)
}

function askLocalCloud<Answer>(method: 'GET' | 'POST' | 'DELETE', url: string, data?: object) {
  return new Promise<Answer>((resolve, reject) => {
    wx.request({
      url,
      method,
      data,
      timeout: TIMEOUT,
      success({ statusCode, data: answer }) {
        const isGone = method === 'DELETE' && statusCode === 404
        if (statusCode < 300 || isGone) resolve(answer as Answer)
        else reject(new Error())
      },
      fail: reject,
    })
  })
}
