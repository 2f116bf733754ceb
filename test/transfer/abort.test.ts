import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import {
  abortable,
  AbortController,
  throwIfAborted,
  wait,
  withChildSignal,
  type AbortSignal,
} from '../../miniprogram/transfer/abort'
import type { Progress } from '../../miniprogram/transfer/progress'
import type { SignedRequest } from '../../miniprogram/transfer/signing'
import { runTransfer, type Running } from '../../miniprogram/transfer/transfer'
import { stopClock, tick } from '../helpers/fake-clock'
import { installNodeWx } from '../helpers/node-wx'

let restore: () => Promise<void>

beforeEach(() => {
  ;({ restore } = installNodeWx())
})
afterEach(() => restore())

const CANCELLED = expect.objectContaining({ code: 'CANCELLED' })
const never = () => new Promise<never>(() => {})

interface Controller {
  signal: AbortSignal
  abort(reason?: unknown): void
}

const CONTROLLERS: [string, () => Controller][] = [
  ['our AbortController', () => new AbortController()],
  ['the native one', () => new globalThis.AbortController()],
]

/** What a promise is when everything that is due has happened: its value, its error, or `pending`. */
function state(promise: Promise<unknown>): Promise<unknown> {
  const outcome = promise.catch((error: unknown) => error)
  return Promise.race([outcome, setImmediate('pending')])
}

/** Counts the listeners that a signal has. */
function countListeners({ signal }: Controller): () => number {
  const listeners = new Set<() => void>()
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (type, listener) => {
    listeners.add(listener)
    addEventListener.call(signal, type, listener)
  }
  signal.removeEventListener = (type, listener) => {
    listeners.delete(listener)
    removeEventListener.call(signal, type, listener)
  }
  return () => listeners.size
}

describe.each(CONTROLLERS)('with %s', (_name, create) => {
  let controller: Controller
  let signal: AbortSignal

  beforeEach(() => {
    controller = create()
    ;({ signal } = controller)
  })

  test('a signal aborts once, with the first reason, and tells who listens', () => {
    const told: string[] = []
    const removed = () => told.push('removed')
    signal.addEventListener('abort', removed)
    signal.addEventListener('abort', () => told.push(`listener, aborted: ${signal.aborted}`))
    signal.removeEventListener('abort', removed)
    expect(signal.aborted).toBe(false)
    expect(() => throwIfAborted(signal)).not.toThrow()
    controller.abort('pause')
    controller.abort('again')
    expect(signal).toMatchObject({ aborted: true, reason: 'pause' })
    expect(told).toEqual(['listener, aborted: true'])
    expect(() => throwIfAborted(signal)).toThrow(CANCELLED)
  })

  describe('abortable', () => {
    test('gives what is waited for', async () => {
      const listeners = countListeners(controller)
      const abort = jest.fn()
      const start = (resolve: (value: number) => void) => (resolve(5), abort)
      expect(await abortable(signal, start)).toBe(5)
      expect(listeners()).toBe(0)
      controller.abort()
      expect(abort).not.toHaveBeenCalled()
    })

    test('rejects at once when the signal aborts, and aborts what was started, once', async () => {
      const listeners = countListeners(controller)
      const abort = jest.fn()
      const waiting = abortable(signal, () => abort)
      expect(await state(waiting)).toBe('pending')
      controller.abort()
      controller.abort()
      expect(await state(waiting)).toEqual(CANCELLED)
      expect(abort).toHaveBeenCalledTimes(1)
      expect(listeners()).toBe(0)
    })

    test('starts nothing when the signal has aborted', async () => {
      controller.abort()
      const start = jest.fn(() => () => {})
      await expect(abortable(signal, start)).rejects.toEqual(CANCELLED)
      expect(start).not.toHaveBeenCalled()
    })

    test('aborts what has started when its start aborts the signal', async () => {
      const abort = jest.fn()
      const waiting = abortable(signal, () => {
        controller.abort()
        return abort
      })
      await expect(waiting).rejects.toEqual(CANCELLED)
      expect(abort).toHaveBeenCalledTimes(1)
    })
  })

  describe('withChildSignal', () => {
    /** Two pieces of work under one child signal. `ended` tells which were aborted. */
    function siblings(work: (child: AbortSignal) => Promise<unknown>) {
      const ended: string[] = []
      const run = withChildSignal(signal, (child) => {
        const sibling = abortable(child, () => () => ended.push('sibling'))
        sibling.catch(() => {})
        return work(child)
      })
      return { run, ended }
    }

    test('ends the siblings of work that fails', async () => {
      const { run, ended } = siblings(() => Promise.reject(new Error('no')))
      await expect(run).rejects.toThrow('no')
      expect(ended).toEqual(['sibling'])
      expect(signal.aborted).toBe(false)
    })

    test('ends what is left when the work succeeds', async () => {
      const listeners = countListeners(controller)
      const { run, ended } = siblings(async () => 'done')
      expect(await run).toBe('done')
      expect(ended).toEqual(['sibling'])
      expect(listeners()).toBe(0)
    })

    test('ends at once with its parent, even while the work hangs', async () => {
      let child: AbortSignal | undefined
      const { run, ended } = siblings((own) => {
        child = own
        return never()
      })
      expect(await state(run)).toBe('pending')
      controller.abort()
      expect(ended).toEqual(['sibling'])
      expect(child?.aborted).toBe(true)
      expect(await state(run)).toEqual(CANCELLED)
    })

    test('does no work when its parent has aborted', async () => {
      controller.abort()
      const work = jest.fn(never)
      await expect(withChildSignal(signal, work)).rejects.toEqual(CANCELLED)
      expect(work).not.toHaveBeenCalled()
    })
  })

  describe('wait', () => {
    beforeEach(stopClock)
    afterEach(() => void jest.useRealTimers())

    test('ends after its time', async () => {
      const waiting = wait(1000, signal)
      tick(999)
      expect(await state(waiting)).toBe('pending')
      tick(1)
      expect(await state(waiting)).toBeUndefined()
    })

    test('ends at once when the signal aborts, and leaves no timer', async () => {
      const waiting = wait(1000, signal)
      controller.abort()
      expect(await state(waiting)).toEqual(CANCELLED)
      expect(jest.getTimerCount()).toBe(0)
    })
  })

  describe('a transfer', () => {
    const SIGNED: SignedRequest = { url: 'https://a/', method: 'GET', headers: {}, expiresAt: 0 }
    const PROGRESS = { loaded: 1 } as Progress

    /** A transfer that reports what it is told to. */
    function begin(work: () => Promise<unknown>) {
      const told: string[] = []
      let running!: Running<SignedRequest>
      const result = runTransfer<SignedRequest, unknown>(
        {
          key: 'a',
          signal,
          onSigned: () => void told.push('signed'),
          onProgress: () => void told.push('progress'),
        },
        (given) => {
          running = given
          return work()
        },
      )
      const report = () => {
        running.onSigned(SIGNED)
        running.onProgress(PROGRESS)
      }
      return { result, told, report, running }
    }

    test.each([
      ['succeeds', async () => 'done'],
      ['fails', () => Promise.reject(new Error('no'))],
    ])('that %s reports nothing after its end, and ends what it began', async (_end, work) => {
      const { result, told, report, running } = begin(work)
      report()
      expect(told).toEqual(['signed', 'progress'])
      await state(result)
      report()
      expect(told).toEqual(['signed', 'progress'])
      expect(running.signal.aborted).toBe(true)
    })

    test('that is aborted reports nothing from then on, whatever still runs', async () => {
      const { result, told, report } = begin(never)
      controller.abort()
      report()
      expect(told).toEqual([])
      expect(await state(result)).toEqual(CANCELLED)
    })
  })
})

test('our signal has throwIfAborted, as the native one', () => {
  const controller = new AbortController()
  expect(() => controller.signal.throwIfAborted()).not.toThrow()
  controller.abort()
  expect(() => controller.signal.throwIfAborted()).toThrow(CANCELLED)
})

test('nothing needs a signal', async () => {
  expect(() => throwIfAborted(undefined)).not.toThrow()
  expect(await withChildSignal(undefined, async () => 'done')).toBe('done')
  await expect(wait(0, undefined)).resolves.toBeUndefined()
})
