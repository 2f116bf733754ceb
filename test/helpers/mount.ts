/**
 * Renders a page or component of miniprogram/ in jsdom through miniprogram-simulate, adding what
 * the simulator lacks: Page(), App(), getApp(), getCurrentPages(), page lifecycles, selectors that
 * reach into components, and failing on the errors that it only logs.
 *
 * Each mount loads the scripts again, so a page never shares a module with the test or with another
 * page: set its state through wx (storage, say), not by importing its modules.
 */
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, jest } from '@jest/globals'
import exparser from 'miniprogram-exparser'
import type * as Simulate from 'miniprogram-simulate'
import { attributes, nodeOf, select, type Rendered } from './mount/select'

type AnyObject = WechatMiniprogram.IAnyObject

const scope = globalThis as unknown as AnyObject

// Loading the simulator replaces the global wx with mocks that always succeed.
const { wx } = scope
const simulate = require('miniprogram-simulate') as typeof Simulate
scope.wx = wx

let app: AnyObject = {}
const pages: Mounted[] = []
const errors: unknown[] = []

exparser.addGlobalErrorListener((error) => {
  errors.push(error)
  return false
})

/** Fails the test on what lifetimes, observers and handlers threw. */
function rethrow(): void {
  if (errors.length > 0) throw errors.splice(0)[0]
}

afterEach(() => {
  for (const page of pages.slice()) page.unmount()
  app = {}
  rethrow()
})

Object.assign(scope, {
  App(definition: AnyObject) {
    app = definition
    definition.onLaunch?.({})
  },
  getApp: () => app,
  getCurrentPages: () => pages.map((page) => page.instance),
  /** Page() in terms of Component(): functions become methods, other fields are set at creation. */
  Page({ data, behaviors, options, ...members }: AnyObject) {
    const entries = Object.entries(members)
    const isMethod = ([, member]: [string, unknown]) => typeof member === 'function'
    const fields = Object.fromEntries(entries.filter((entry) => !isMethod(entry)))
    scope.Component({
      data,
      behaviors,
      options,
      methods: Object.fromEntries(entries.filter(isMethod)),
      lifetimes: {
        created(this: AnyObject) {
          Object.assign(this, fields)
        },
      },
    })
  },
})

/**
 * A page on screen. A `selector` is made of tags, `.class`, `#id` and `[attribute="value"]` as they
 * are written in WXML; a space means "somewhere below". Components are no boundary:
 * `file-picker button` is the button inside of <file-picker>, and `button` finds it too.
 * What takes a selector throws when nothing matches, but for `texts` and `has`.
 */
export class Mounted {
  constructor(
    private readonly dom: Rendered,
    /** The page itself, `this` in its methods. */
    readonly instance: AnyObject,
  ) {}

  get data(): AnyObject {
    return this.instance.data as AnyObject
  }

  /** Text of the first match, components included; without a selector, of the whole page. */
  text(selector?: string): string {
    return textOf(selector === undefined ? this.dom : this.find(selector))
  }

  texts(selector: string): string[] {
    return select(this.dom, selector).map(textOf)
  }

  has(selector: string): boolean {
    return select(this.dom, selector).length > 0
  }

  /** An attribute as bound in WXML: `disabled`, `value`, a property of a component. */
  attr(selector: string, name: string): unknown {
    return attributes(this.find(selector))[name]
  }

  /** What is rendered: the platform's tags are `wx-view`, classes have a prefix. */
  html(): string {
    return this.dom.innerHTML
  }

  /** Taps the first match, or the one at `index`. Throws if it is disabled. */
  async tap(selector: string, index = 0): Promise<void> {
    await this.fire(this.enabled(selector, index), 'tap', { x: 0, y: 0 }, true)
  }

  /** Types into the first <input> or <textarea> that matches. Throws if it is disabled. */
  async input(selector: string, value: string): Promise<void> {
    await this.fire(this.enabled(selector, 0), 'input', { value, cursor: value.length })
  }

  /** Fires any other event, which does not bubble: `change` of a <switch>, say. */
  async trigger(selector: string, event: string, detail: AnyObject = {}, index = 0): Promise<void> {
    await this.fire(this.find(selector, index), event, detail)
  }

  show(): void {
    this.runPageLifetime('show', 'onShow')
  }

  hide(): void {
    this.runPageLifetime('hide', 'onHide')
  }

  /** Puts the page on screen: attached, onLoad, onShow, ready, onReady. */
  attach(query: Record<string, string>): void {
    pages.push(this)
    document.body.append(this.dom)
    exparser.Element.pretendAttached(nodeOf(this.dom))
    rethrow()
    this.instance.onLoad?.(query)
    this.show()
    for (const node of this.components()) node.triggerLifeTime('ready', [])
    this.instance.onReady?.()
    rethrow()
  }

  /** Takes the page off the screen. Happens by itself after each test. */
  unmount(): void {
    if (!pages.includes(this)) return
    pages.splice(pages.indexOf(this), 1)
    this.instance.onUnload?.()
    exparser.Element.pretendDetached(nodeOf(this.dom))
    this.dom.remove()
    rethrow()
  }

  /** Components of the page, inner ones first, the page last. */
  private components() {
    const elements: Rendered[] = [this.dom, ...this.dom.querySelectorAll('*')]
    return elements
      .map(nodeOf)
      .filter((node) => node instanceof exparser.Component)
      .toReversed()
  }

  private runPageLifetime(lifetime: string, method: string): void {
    for (const node of this.components()) node.triggerPageLifeTime(lifetime, [])
    this.instance[method]?.()
    rethrow()
  }

  private find(selector: string, index = 0): Rendered {
    const element = select(this.dom, selector)[index]
    if (!element) throw new Error(`nothing matches ${selector} [${index}] in: ${this.text()}`)
    return element
  }

  private enabled(selector: string, index: number): Rendered {
    const element = this.find(selector, index)
    if (attributes(element).disabled) throw new Error(`${selector} is disabled`)
    return element
  }

  private async fire(element: Rendered, event: string, detail: AnyObject, bubbles = false) {
    const phases = { bubbles, composed: bubbles, capturePhase: bubbles }
    exparser.Event.dispatchEvent(nodeOf(element), exparser.Event.create(event, detail, phases))
    await setTimeout(0) // what the handler queued, and rendering
    rethrow()
  }
}

function textOf(element: Element): string {
  return (element.textContent ?? '').replace(/\s+/g, ' ').trim()
}

export interface MountOptions {
  /** What onLoad gets. */
  query?: Record<string, string>
  /** Properties of a component. */
  properties?: AnyObject
  /** What getApp() gives. Default: the object given to App(), or an empty one. */
  app?: AnyObject
  /** The tree that holds `file`. Default: miniprogram/. One tree for each test file. */
  root?: string
}

/** Loads `file`, `pages/index/index` for instance, and puts it on screen. */
export function mount(file: string, options: MountOptions = {}): Mounted {
  const { query = {}, properties = {}, root = path.join(__dirname, '../../miniprogram') } = options
  if (options.app) app = options.app
  jest.resetModules() // a component is registered again only when its script runs again
  const id = simulate.load(path.join(root, file), {
    rootPath: root,
    compilerOptions: { maxBuffer: 64 * 1024 * 1024 },
  })
  const { dom, instance } = simulate.render(id, properties)
  rethrow()
  if (!dom) throw new Error(`${file} rendered nothing`)
  const page = new Mounted(dom, Object.assign(instance, { route: file, options: query }))
  page.attach(query)
  return page
}
