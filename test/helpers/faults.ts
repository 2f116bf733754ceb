import type { FaultOrder, PendingFault } from '../../local-cloud/control/faults'

/** The faults of a local cloud, by the address of its control port. */
export function faultsOf(control: string) {
  const send = async (method: 'GET' | 'POST' | 'DELETE', order?: FaultOrder) => {
    const response = await fetch(`${control}/faults`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(order && { body: JSON.stringify(order) }),
    })
    if (!response.ok) throw new Error(await response.text())
    return response
  }
  return {
    order: (order: FaultOrder) => send('POST', order),
    clear: () => send('DELETE'),
    pending: async () => (await (await send('GET')).json()) as PendingFault[],
  }
}
