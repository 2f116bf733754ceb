import type { FaultOrder, PendingFault } from '../../local-cloud/control/faults'
import type { RequestRecord } from '../../local-cloud/control/request-log'
import { ask, askJson } from './ask'
import { until } from './until'

/** The control port of a local cloud, as a script would use it. */
export function controlOf(controlUrl: string | undefined) {
  if (controlUrl === undefined) throw new TypeError('controlUrl must be there')
  const faults = `${controlUrl}/faults`
  const statusOf = async (method: string, url: string) => (await ask(method, url)).status
  /** Newest first. */
  const list = () => askJson<RequestRecord[]>('GET', `${controlUrl}/requests`)
  return {
    url: controlUrl,
    list,
    order: (order: FaultOrder) => askJson<PendingFault>('POST', faults, order),
    pending: () => askJson<PendingFault[]>('GET', faults),
    clear: () => statusOf('DELETE', faults),
    forget: (id: number) => statusOf('DELETE', `${faults}/${id}`),

    /** The record of the last request with these fields; a request is recorded just after its answer. */
    recordOf: (fields: Partial<RequestRecord>) => {
      const isMeant = (record: RequestRecord) =>
        Object.entries(fields).every(
          ([name, value]) => record[name as keyof RequestRecord] === value,
        )
      return until(
        async () => (await list()).find(isMeant),
        `a record of ${JSON.stringify(fields)}`,
      )
    },
  }
}

export type Control = ReturnType<typeof controlOf>
