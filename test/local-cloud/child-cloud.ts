import { readFileSync } from 'node:fs'
import { createLocalCloud } from '../../local-cloud/local-cloud'

/**
 * A local cloud as a process of its own, to be killed or measured: `fork` it with the data folder. It sends its
 * port, or why it cannot start; to any message it answers with its peak memory in bytes.
 */
async function main(): Promise<void> {
  const [data = ''] = process.argv.slice(2)
  try {
    const { port } = await createLocalCloud({ data, port: 0 }).start()
    process.send?.({ port })
  } catch (error) {
    process.send?.({ error: (error as Error).message })
  }
  // Its test is gone.
  process.on('disconnect', () => process.exit())
  process.on('message', () => process.send?.({ peakBytes: peakBytes() }))
}

/** On Linux maxRSS survives exec: it would be that of a large parent. VmHWM is the process's own. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

void main()
