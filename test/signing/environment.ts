import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { installNodeWx, type NodeWxOptions } from '../helpers/node-wx'
import { tempDir } from '../helpers/temp-dir'

/** The local cloud and the server, for real, on free ports. In this process they share its fake date. */
async function startHere() {
  const data = tempDir()
  const localCloud = createLocalCloud({ data: data.path, port: 0 })
  const { url: cloud } = await localCloud.start()
  const app = createApp(readConfig({ STS_ENDPOINT: cloud }))
  const server = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    server,
    cloud,
    async stop() {
      await app.close()
      await localCloud.stop()
      data.remove()
    },
  }
}

/**
 * For the tests of a file: the local cloud and the server, for real, and a new phone for each test.
 * Only the date is fake; the network and its timers are not.
 */
export function environment() {
  let stack: Awaited<ReturnType<typeof startHere>>
  let phone: ReturnType<typeof installNodeWx>

  function install(options: NodeWxOptions = {}) {
    phone = installNodeWx({ storage: { 'server-url': stack.server }, ...options })
  }

  beforeAll(async () => {
    jest.useFakeTimers({
      doNotFake: [
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'setImmediate',
        'clearImmediate',
        'nextTick',
        'queueMicrotask',
        'performance',
        'hrtime',
      ],
    })
    stack = await startHere()
  })
  afterAll(async () => {
    await stack.stop()
    jest.useRealTimers()
  })
  beforeEach(() => install())
  afterEach(() => phone.restore())

  return {
    get stack() {
      return stack
    },
    get wx() {
      return phone.wx
    },
    /** Another phone. */
    async replacePhone(options: NodeWxOptions) {
      await phone.restore()
      install(options)
    },
    /** Paths that the app asked the server for. */
    asked(): string[] {
      const requests = phone.wx.calls.filter(({ api }) => api === 'request')
      return requests.map(({ option }) => String(option.url).replace(stack.server, ''))
    },
  }
}

/** The date goes ahead, for the app as for the server and the local cloud. */
export function later(seconds: number): void {
  jest.setSystemTime(Date.now() + seconds * 1000)
}

/** The parameters of a URL. */
export function queryOf(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams)
}

/** What COS tells as its time, in unix seconds: not its header `Date`, which knows no fake date. */
export function cosTime(): number {
  return Math.floor(Date.now() / 1000)
}
