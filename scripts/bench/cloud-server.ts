import { parseFaultOrder } from '../../local-cloud/control/faults'
import { createLocalCloud } from '../../local-cloud/local-cloud'

/** A local cloud as a process of its own, with a fault if one is given: it sends its port to the parent. */
async function main(): Promise<void> {
  const [, , data = '.', fault] = process.argv
  const order = fault ? { fault: parseFaultOrder(fault) } : {}
  const { port } = await createLocalCloud({ data, port: 0, ...order }).start()
  process.send?.({ port })
}

void main()
