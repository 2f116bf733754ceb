import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import {
  createProgress,
  type Progress,
  type ProgressOptions,
} from '../../miniprogram/transfer/progress'
import { stopClock, tick } from '../helpers/fake-clock'

beforeEach(stopClock)
afterEach(() => void jest.useRealTimers())

function meter(options: ProgressOptions = {}) {
  const seen: Progress[] = []
  return { ...createProgress((report) => seen.push(report), options), seen }
}

describe('createProgress', () => {
  test('gives percent, speed and the time left', () => {
    const { update, seen } = meter()
    tick(1000)
    update(1000, 10_000)
    expect(seen).toEqual([
      {
        loaded: 1000,
        total: 10_000,
        percent: 10,
        speed: 1000,
        secondsLeft: 9,
        stalled: false,
        retry: 0,
      },
    ])
  })

  test('follows a change of speed half-way in two seconds', () => {
    const { update, seen } = meter()
    tick(1000)
    update(1000, 100_000)
    tick(2000)
    update(1000 + 2 * 5000, 100_000)
    expect(seen.at(-1)?.speed).toBeCloseTo((1000 + 5000) / 2)
  })

  test('does not count what was done before for the speed', () => {
    const { begin, update, seen } = meter({ total: 10_000_000 })
    begin(9_000_000)
    expect(seen).toEqual([expect.objectContaining({ percent: 90, speed: 0 })])
    tick(1000)
    update(9_001_000, 10_000_000)
    expect(seen.at(-1)).toMatchObject({ speed: 1000, secondsLeft: 999 })
  })

  test('invents no percentage for an unknown total', () => {
    const { update, seen } = meter()
    tick(1000)
    update(5000, -1)
    expect(seen).toEqual([expect.objectContaining({ percent: -1, secondsLeft: undefined })])
  })

  test('reports ten times a second, and always the end', () => {
    const { update, seen } = meter()
    for (let loaded = 1; loaded <= 1000; loaded++) {
      tick(1)
      update(loaded, 1000)
    }
    expect(seen.length).toBeGreaterThanOrEqual(10)
    expect(seen.length).toBeLessThanOrEqual(12)
    expect(seen.at(-1)).toMatchObject({ loaded: 1000, percent: 100 })
  })

  test('reports the last reading when no other follows', () => {
    const { update, seen } = meter()
    update(1, 1000)
    tick(1)
    update(2, 1000)
    expect(seen.map(({ loaded }) => loaded)).toEqual([1])
    tick(99)
    expect(seen.map(({ loaded }) => loaded)).toEqual([1, 2])
  })

  test('says that nothing has moved for ten seconds, and that it moves again', () => {
    const { update, seen } = meter()
    tick(1000)
    update(1000, 10_000)
    tick(2500)
    expect(seen.at(-1)).toMatchObject({ speed: 0, secondsLeft: undefined, stalled: false })
    tick(7499)
    expect(seen.at(-1)?.stalled).toBe(false)
    tick(1)
    expect(seen.at(-1)).toEqual({
      loaded: 1000,
      total: 10_000,
      percent: 10,
      speed: 0,
      secondsLeft: undefined,
      stalled: true,
      retry: 0,
    })
    tick(5000)
    update(2000, 10_000)
    expect(seen.at(-1)).toMatchObject({ loaded: 2000, stalled: false })
    tick(10_000)
    expect(seen.at(-1)?.stalled).toBe(true)
  })

  test('counts bytes, not events: the same reading again is a stall', () => {
    const { update, seen } = meter()
    update(1000, 10_000)
    for (let second = 0; second < 10; second++) {
      tick(1000)
      update(1000, 10_000)
    }
    expect(seen.at(-1)?.stalled).toBe(true)
  })

  test('has no speed again because of a reading that says the same', () => {
    const { update, seen } = meter()
    tick(1000)
    update(1000, 10_000)
    tick(2500)
    expect(seen.at(-1)).toMatchObject({ speed: 0 })
    update(1000, 10_000)
    tick(100)
    expect(seen.at(-1)).toMatchObject({ loaded: 1000, speed: 0, secondsLeft: undefined })
  })

  test('stalls before the first byte, too', () => {
    const { seen } = meter({ total: 500 })
    tick(10_000)
    expect(seen.at(-1)).toMatchObject({ loaded: 0, total: 500, stalled: true })
  })

  test('reports nothing after its end', () => {
    const { update, end, seen } = meter()
    update(1, 10)
    update(2, 10)
    end()
    tick(60_000)
    update(3, 10)
    tick(60_000)
    expect(seen).toHaveLength(1)
  })
})
