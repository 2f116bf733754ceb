import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { checkCompileModes, checkMiniProgram } from '../../scripts/check-miniprogram'
import { formatProblem } from '../../scripts/problem'
import { tree, type Tree } from './tree'

const mode = (pathName: string) => ({ name: pathName, pathName, query: '' })
const configuration = (...pages: string[]) =>
  JSON.stringify({
    miniprogramRoot: 'miniprogram/',
    condition: { miniprogram: { list: pages.map(mode) } },
  })

let files: Tree

beforeEach(() => {
  files = tree({
    'project.config.json': configuration('pages/a/a', 'pages/b/b'),
    'miniprogram/app.json': '{ "pages": ["pages/a/a", "pages/b/b"] }',
    'miniprogram/pages/a/a.json': '{ "usingComponents": { "bar": "/components/bar/bar" } }',
    'miniprogram/pages/a/a.ts': 'Page({})\n',
    'miniprogram/pages/a/a.wxml': '<view bind:tap="go" />\n<bar bind:stop="go" catch:tap="go" />\n',
    'miniprogram/pages/b/b.ts': 'Page({})\n',
    'miniprogram/pages/b/b.wxml': '<input bind:input="type" />\n',
    'miniprogram/components/bar/bar.json': '{ "component": true }',
    'miniprogram/components/bar/bar.ts':
      "Component({ lifetimes: { attached() { this.triggerEvent('stop') } } })",
    'miniprogram/components/bar/bar.wxml': '<view />\n',
  })
})

afterEach(() => files.remove())

describe('events', () => {
  const check = () => checkMiniProgram(`${files.path}/miniprogram`).map(formatProblem)

  test('are those of the component or of WeChat', () => {
    expect(check()).toEqual([])
  })

  test.each([
    ['a/a.wxml', 'bind:stop', 'bind:stpo', 'a/a.wxml:2: <bar> fires no event stpo'],
    ['a/a.wxml', '<bar bind:stop', '<text bind:stop', 'a/a.wxml:2: <text> fires no event stop'],
    ['b/b.wxml', 'bind:input', 'bind:imput', 'b/b.wxml:1: <input> fires no event imput'],
    [
      'b/b.wxml',
      'bind:input',
      'bindinput',
      'b/b.wxml:1: bindinput: write bind:input, with a colon',
    ],
  ])('in %s: %s is not %s', (file, from, to, expected) => {
    files.replace(`miniprogram/pages/${file}`, from, to)
    expect(check()).toEqual([`pages/${expected}`])
  })
})

describe('compile modes', () => {
  const check = () => checkCompileModes(files.path).map(formatProblem)

  test('open each page', () => {
    expect(check()).toEqual([])
  })

  test('lack one', () => {
    files.write('project.config.json', configuration('pages/a/a'))
    expect(check()).toEqual(['project.config.json: no compile mode opens pages/b/b'])
  })

  test('open a page that is not there', () => {
    files.write('project.config.json', configuration('pages/a/a', 'pages/b/b', 'pages/c/c'))
    expect(check()).toEqual([
      'project.config.json:1: compile mode pages/c/c: there is no page pages/c/c',
    ])
  })
})
