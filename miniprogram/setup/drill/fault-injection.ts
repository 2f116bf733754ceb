/** Faults of the local cloud: injected before a transfer, removed after it. */
import { failure, wxFailure } from '../../transfer/failure'
import type { SetupMessages } from '../i18n/index'

/** What the next transfer meets. */
export type Fault = keyof SetupMessages['drill']['faults']

/** In the words of the local cloud. A share of 1: a retry meets the fault again. */
const ORDERS: Record<Fault, object> = {
  expired: { kind: 'expired', share: 1 },
  clock: { kind: 'skew', share: 1 },
  forbidden: { kind: '403', share: 1 },
  busy: { kind: '503', share: 1 },
  slow: { kind: 'slow', delay: 12_000, times: 3 },
  dropped: { kind: 'drop-before', share: 1 },
}

/** Marks our faults: those of the console are left alone. */
const OWNER = 'drill'
/** Ids of faults that a drill of this launch is going to remove. */
const inUse = new Set<number>()

const TIMEOUT = 5000

/**
 * Injects a fault and gives its id.
 * @param url where the local cloud takes faults
 * @param match the requests that meet the fault
 */
export async function injectFault(url: string, fault: Fault, match: object): Promise<number> {
  try {
    const order = { ...ORDERS[fault], match, by: OWNER }
    const { id } = await requestControl<{ id: number }>('POST', url, order)
    inUse.add(id)
    return id
  } catch (error) {
    void removeOrphans(url).catch(() => {}) // the fault may be there although its response is lost
    throw error
  }
}

/** A fault that has been applied as often as ordered is gone already. */
export function removeFault(url: string, id: number): Promise<void> {
  return requestControl<void>('DELETE', `${url}/${id}`).finally(() => inUse.delete(id))
}

/** Removes our faults that no drill of this launch will remove: the app was closed before. */
export async function removeOrphans(url: string): Promise<void> {
  const faults = await requestControl<{ id: number; by?: string }[]>('GET', url)
  const orphans = faults.filter(({ id, by }) => by === OWNER && !inUse.has(id))
  await Promise.all(orphans.map(({ id }) => requestControl('DELETE', `${url}/${id}`)))
}

function requestControl<Answer>(method: 'GET' | 'POST' | 'DELETE', url: string, data?: object) {
  return new Promise<Answer>((resolve, reject) => {
    wx.request({
      url,
      method,
      data,
      timeout: TIMEOUT,
      success({ statusCode, data: answer }) {
        const isGone = method === 'DELETE' && statusCode === 404
        if (statusCode < 300 || isGone) resolve(answer as Answer)
        else reject(failure('SERVER_REFUSED', { statusCode }))
      },
      fail: (error) => reject(wxFailure(error, url)),
    })
  })
}
