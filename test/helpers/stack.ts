import { askJson } from './ask'

/** Addresses without a trailing slash. */
export interface Stack {
  preview: string
  server: string
  cloud: string
  control: string
  stop(): Promise<void>
}

/** All that `npm start` starts, for real, on free ports, with an empty data folder. */
export async function startStack(): Promise<Stack> {
  // What stacks/set-up.ts has started.
  const keeper = `${process.env['STACKS_URL']}/`
  const { id, ...urls } = await askJson<Omit<Stack, 'stop'> & { id: string }>('POST', keeper)
  return { ...urls, stop: () => askJson<void>('DELETE', keeper + id) }
}
