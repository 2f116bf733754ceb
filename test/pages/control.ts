import type { FaultOrder, PendingFault } from '../../local-cloud/control/faults'
import type { RequestRecord } from '../../local-cloud/control/request-log'
import { createNodeWx } from '../helpers/node-wx'

/** The control port of a local cloud from where there is no fetch: in jsdom. */
export function controlOf(controlUrl: string) {
  const { request } = createNodeWx()
  const ask = <Data>(method: 'GET' | 'POST' | 'DELETE', path: string, data?: object) =>
    new Promise<Data>((resolve, reject) => {
      request({
        url: controlUrl + path,
        method,
        data,
        success: (answer) => {
          if (answer.statusCode < 300) resolve(answer.data as Data)
          else reject(new Error(JSON.stringify(answer.data)))
        },
        fail: reject,
      })
    })
  return {
    /** Newest first. */
    requests: () => ask<RequestRecord[]>('GET', '/requests'),
    order: (order: FaultOrder) => ask('POST', '/faults', order),
    pending: () => ask<PendingFault[]>('GET', '/faults'),
    clear: () => ask('DELETE', '/faults'),
  }
}
