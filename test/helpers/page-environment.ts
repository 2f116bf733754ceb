import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals'
import { controlOf, type Control } from './control'
import { installNodeWx, type NodeWx, type NodeWxOptions } from './node-wx'
import { startStack, type Stack } from './stack'

/**
 * What each test of a page begins with: a stack for the file, and a `wx` of its own, whose app uses
 * the server of that stack. After each test, mocks, timers and faults are as they were.
 */
export let stack: Stack
export let control: Control
export let wx: NodeWx
let restore: (() => Promise<void>) | undefined

/** Gives the test another `wx` in place of the one that it began with. */
export async function changeWx(options: NodeWxOptions): Promise<void> {
  await restore?.()
  install(options)
}

function install({ storage, ...options }: NodeWxOptions = {}) {
  ;({ wx, restore } = installNodeWx({
    ...options,
    storage: { 'server-url': stack.server, ...storage },
  }))
}

beforeAll(async () => {
  stack = await startStack()
  control = controlOf(stack.control)
})
// Jest cleans up after a set-up that has failed, too: not all of it is there then.
afterAll(() => stack?.stop())

beforeEach(() => install())
afterEach(async () => {
  jest.useRealTimers()
  jest.restoreAllMocks()
  await control?.clear()
  await restore?.()
})
