import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jest } from '@jest/globals'
import type * as Signing from '../../miniprogram/signing/index'
import { mount, type Mounted } from '../helpers/mount'
import type { NodeWxOptions } from '../helpers/node-wx'
import { changeWx, stack } from '../helpers/page-environment'
import { until } from '../helpers/until'

export const mark = (page: Mounted, value: string) =>
  page.trigger('radio-group', 'change', { value })

/** The modules of the page that was mounted last: a permanent key is in their memory only. */
export const signing = () => require('../../miniprogram/signing/index') as typeof Signing

/** Gives how to let the delay of a spinner pass. */
export function noticing() {
  const { setTimeout, clearTimeout } = globalThis
  const held = new Map<unknown, () => void>()
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void, ms?: number) => {
    if (ms !== 300) return setTimeout(callback, ms)
    const id = {}
    held.set(id, callback)
    return id
  }) as never)
  jest.spyOn(globalThis, 'clearTimeout').mockImplementation((id) => {
    if (!held.delete(id)) clearTimeout(id)
  })
  return () => {
    held.forEach((show) => show())
    held.clear()
  }
}

/** Waits for the end of the checks, and gives what each says: mark, then text. */
export async function checked(page: Mounted): Promise<Record<string, string>> {
  await until(
    () => !page.data.checking && page.texts('.check .mark').every((mark) => mark !== '…'),
    'the checks',
  )
  const [marks, names, texts] = ['mark', 'name', 'result'].map((part) =>
    page.texts(`.check .${part}`),
  ) as [string[], string[], string[]]
  return Object.fromEntries(names.map((name, i) => [name, `${marks[i]} ${texts[i]}`]))
}

export async function checks(options?: NodeWxOptions): Promise<[Mounted, Record<string, string>]> {
  if (options) await changeWx(options)
  const page = mount('setup/setup')
  return [page, await checked(page)]
}

/** Runs a server of another kind while `use` runs. */
export async function withServer<T>(listener: RequestListener, use: (url: string) => Promise<T>) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

export const usePermanentKey = (key: object = {}) => {
  const [Protocol = '', Domain = ''] = stack.cloud.split('//')
  signing().chooseSource('permanent-key', {
    SecretId: 'local-secret-id',
    SecretKey: 'local-secret-key',
    Bucket: 'examplebucket-1250000000',
    Region: 'ap-guangzhou',
    Domain,
    Protocol,
    ...key,
  })
}

export const ADDRESS = '.address'

export const useAddress = (page: Mounted) => page.tap('#server-form .wide')
