import type { FaultOrder, PendingFault } from '../../local-cloud/control/faults'
import type { RequestRecord } from '../../local-cloud/control/request-log'
import { until } from '../helpers/until'

/** The control port of a local cloud, as a script would use it. */
export function controlOf(controlUrl: string | undefined) {
  if (controlUrl === undefined) throw new TypeError('controlUrl must be there')
  const faults = `${controlUrl}/faults`
  const list = async (): Promise<RequestRecord[]> => (await fetch(`${controlUrl}/requests`)).json()
  return {
    url: controlUrl,
    list,

    order: async (order: FaultOrder): Promise<PendingFault> => {
      const response = await fetch(faults, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(order),
      })
      if (!response.ok) throw new Error(await response.text())
      return response.json()
    },

    pending: async (): Promise<PendingFault[]> => (await fetch(faults)).json(),
    clear: async () => (await fetch(faults, { method: 'DELETE' })).status,
    forget: async (id: number) => (await fetch(`${faults}/${id}`, { method: 'DELETE' })).status,

    /** The record of the last request for a path; a request is recorded just after its answer. */
    recordOf: (path: string) =>
      until(async () => (await list()).find((record) => record.path === path), `record of ${path}`),
  }
}

export type Control = ReturnType<typeof controlOf>
