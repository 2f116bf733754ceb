import { afterEach, beforeEach, expect, test } from '@jest/globals'
import {
  forgetUpload,
  forgetUploads,
  recentUploads,
  rememberUpload,
} from '../../miniprogram/demo/recent-uploads'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'

let wx: NodeWx
let restore: () => Promise<void>

beforeEach(() => {
  ;({ wx, restore } = installNodeWx())
})
afterEach(() => restore())

test('the last ten keys are kept, newest first, each once', () => {
  const keys = Array.from({ length: 12 }, (_, index) => `u/${index}`)
  for (const key of [...keys, 'u/5']) rememberUpload(key)
  expect(recentUploads('u/')).toEqual([
    'u/5',
    'u/11',
    'u/10',
    'u/9',
    'u/8',
    'u/7',
    'u/6',
    'u/4',
    'u/3',
    'u/2',
  ])
})

test('only the keys below a prefix are given, and forgotten', () => {
  for (const key of ['a/1', 'b/1', 'a/2', 'a/3']) rememberUpload(key)
  forgetUpload('a/2')
  expect(recentUploads('a/')).toEqual(['a/3', 'a/1'])
  expect(recentUploads('')).toEqual(['a/3', 'b/1', 'a/1'])
  forgetUploads('a/')
  expect(recentUploads('')).toEqual(['b/1'])
})

test('what is no key in a damaged entry is left out', () => {
  wx.setStorageSync('recent-uploads', [1, null, 'u/a', { key: 'u/b' }])
  expect(recentUploads('u/')).toEqual(['u/a'])
  rememberUpload('u/c')
  expect(recentUploads('u/')).toEqual(['u/c', 'u/a'])
})

test('a full storage fails no upload: the list stays as it was', () => {
  rememberUpload('u/a')
  wx.limitStorage(0)
  rememberUpload('u/b')
  expect(recentUploads('u/')).toEqual(['u/a'])
})

test('a storage that cannot be read is no list', () => {
  rememberUpload('u/a')
  wx.getStorageSync = () => {
    throw new Error('getStorageSync:fail')
  }
  expect(recentUploads('u/')).toEqual([])
})
