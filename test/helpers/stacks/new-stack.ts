import { startParts, type Parts } from '../../../scripts/start/parts'
import { tempDir } from '../temp-dir'

const FREE_PORTS = { previewPort: 0, serverPort: 0, cloudPort: 0, controlPort: 0 }

/** All that `npm start` starts, in this process, with an empty data folder that goes at the end. */
export async function newStack(): Promise<Parts> {
  const data = tempDir()
  const parts = await startParts({ data: data.path, ...FREE_PORTS }).catch((error: unknown) => {
    data.remove()
    throw error
  })
  return {
    ...parts,
    async stop() {
      await parts.stop()
      data.remove()
    },
  }
}
