import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Phase } from '../../miniprogram/components/phase'
import { mount } from '../helpers/mount'
import { installNodeWx } from '../helpers/node-wx'

let restore: () => Promise<void>

beforeEach(() => {
  ;({ restore } = installNodeWx())
})
afterEach(() => restore())

const open = (phase: Phase, properties: object = {}) =>
  mount('components/transfer-controls/transfer-controls', {
    properties: {
      phase,
      action: '上传',
      again: '重新上传',
      next: '下载',
      status: '2 MB / 6 MB',
      ...properties,
    },
  })

/** What is seen: the look of the bar, the line below it, the buttons. */
function seen(phase: Phase, properties: object = {}) {
  const panel = open(phase, { percent: 33, pausable: true, ...properties })
  const leaving = panel.texts('.leaving button').length
  const buttons = panel.texts('.buttons button')
  return [
    String(panel.attr('.filled', 'class')).replace(/filled|late|\s/g, ''),
    panel.text('.status'),
    ...buttons.slice(0, buttons.length - leaving),
  ]
}

const PHASES: [Phase, string[]][] = [
  ['empty', ['empty', '请先选择文件', '上传']],
  ['ready', ['ready', '', '上传']],
  ['signing', ['signing', '正在签名…', '暂停', '取消']],
  ['transferring', ['transferring', '33%2 MB / 6 MB', '暂停', '取消']],
  ['stalled', ['stalled', '!33%2 MB / 6 MB', '暂停', '取消']],
  ['paused', ['paused', '33%2 MB / 6 MB', '继续', '取消']],
  ['done', ['done', '', '下载', '重新上传']],
  ['failed', ['failed', '', '重试']],
  ['cancelled', ['cancelled', '', '重试']],
]

describe('the transfer panel', () => {
  test.each(PHASES)('%s', (phase, expected) => {
    expect(seen(phase)).toEqual(expected)
  })

  test('no two phases look the same', () => {
    const looks = PHASES.map(([phase]) => JSON.stringify(seen(phase)))
    expect(new Set(looks).size).toBe(PHASES.length)
  })

  test('shows no percent where it is not known', () => {
    const [look, status] = seen('transferring', { percent: -1 })
    expect(look).toBe('transferringunknown')
    expect(status).toBe('2 MB / 6 MB')
  })

  test('a failure that another try meets again offers none', () => {
    expect(seen('failed', { final: true })).not.toContain('重试')
  })

  test('a failure that left something behind can be given up', () => {
    expect(seen('failed', { discardable: true })).toContain('放弃')
  })
})
