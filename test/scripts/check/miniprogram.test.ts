import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { checkCompileModes, checkMiniProgram } from '../../../scripts/check/miniprogram'
import { formatProblem } from '../../../scripts/check/problem'
import { tree, type Tree } from '../tree'

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

describe('data- attributes', () => {
  const check = () => checkMiniProgram(`${files.path}/miniprogram`).map(formatProblem)
  const view = (name: string) =>
    files.write(
      'miniprogram/pages/b/b.wxml',
      `<view />\n<view data-${name}="{{1}}" bind:tap="go" />\n`,
    )

  test.each([
    ['row-id', 'b/b.ts', 'this.open(event.currentTarget.dataset.rowId)'],
    ['id', 'b/b.ts', 'const { name, id } = currentTarget.dataset'],
    ['id', 'b/b.ts', 'const go = ({ currentTarget: { dataset: { id } } }) => id'],
    ['id', 'rows.ts', "event.target.dataset['id']"],
  ])('%s is read in %s by %s', (name, file, text) => {
    view(name)
    files.write(`miniprogram/pages/${file}`, text)
    expect(check()).toEqual([])
  })

  test.each([
    ['b/b.ts', 'dataset.id'],
    ['b/b.ts', 'const { id } = this.data'],
    ['a/a.ts', 'dataset.idd'],
  ])('that no handler reads: %s holds %s', (file, text) => {
    view('idd')
    files.write(`miniprogram/pages/${file}`, text)
    expect(check()).toEqual(['pages/b/b.wxml:2: data-idd: no handler reads dataset.idd'])
  })

  test('of a template are read by any page', () => {
    files.write(
      'miniprogram/pages/list.wxml',
      '<template name="list"><view data-id="1" /></template>',
    )
    expect(check()).toEqual(['pages/list.wxml:1: data-id: no handler reads dataset.id'])
    files.write('miniprogram/pages/a/a.ts', 'Page({ go: ({ target }) => target.dataset.id })')
    expect(check()).toEqual([])
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
