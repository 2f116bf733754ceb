import { createLocalCloud } from '../../local-cloud/local-cloud'

/** A local cloud as a process of its own: it sends its port to the parent. */
async function main(): Promise<void> {
  const { port } = await createLocalCloud({ data: process.argv[2] ?? '.', port: 0 }).start()
  process.send?.({ port })
}

void main()
