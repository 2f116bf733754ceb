import { parseFaultOrder } from '../../local-cloud/control/faults'
import { createLocalCloud } from '../../local-cloud/local-cloud'

/** Starts a local cloud, with a fault if one is given. Gives its port. */
export async function startCloud(data: string, fault = ''): Promise<number> {
  const order = fault ? { fault: parseFaultOrder(fault) } : {}
  return (await createLocalCloud({ data, port: 0, ...order }).start()).port
}
