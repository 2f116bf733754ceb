import { safeCallback } from 'glass-easel'
import type { Root } from 'glass-easel-miniprogram-adapter'
import type { AppConfig, ComponentConfig } from '../project'
import { createElement } from './element'
import { createPageRoot } from './engine'
import { drawNavigationBar, navigationBar } from './navigation-bar'
import { onThemeChange, themed } from './theme'
import { ask } from './wx/modal'

/** What a page url names. The query is kept as it was written. */
interface Target {
  route: string
  query: string
}

/** A page of the stack. `config` is its own copy: setNavigationBarTitle changes it. */
interface OpenPage extends Target {
  root: Root
  element: HTMLElement
  config: Record<string, unknown>
  isReady: boolean
  /** What is asked before the person goes back. */
  question?: string | undefined
}

type Query = Record<string, string>
type Lifecycle = 'onLoad' | 'onShow' | 'onReady' | 'onHide' | 'onUnload'

const maxPages = 10
const container = createElement('main', 'mp-pages')
const stack: OpenPage[] = []
let app: AppConfig
let configs: Map<string, ComponentConfig>

/** Puts the phone on the screen; the first page is opened with `reLaunch`. */
export function showPhone(appConfig: AppConfig, pageConfigs: Map<string, ComponentConfig>): void {
  app = appConfig
  configs = pageConfigs
  const phone = createElement('div', 'mp-phone')
  phone.append(navigationBar, container)
  document.body.append(phone)
  onThemeChange(redraw)
  addEventListener('popstate', onHistory)
}

/** The page instances, as getCurrentPages() returns them. */
export function currentPages(): object[] {
  return stack.map(({ root }) => root.get())
}

export function navigateTo({ url }: { url: string }): void {
  const target = resolve(url)
  if (stack.length >= maxPages) throw new Error('webview count limit exceed')
  hideTop()
  open(target, 'pushState')
}

export function redirectTo({ url }: { url: string }): void {
  const target = resolve(url)
  closeTop()
  open(target, 'replaceState')
}

export function reLaunch({ url }: { url: string }): void {
  const target = resolve(url)
  while (stack.length > 0) closeTop()
  open(target, 'replaceState')
}

export function navigateBack({ delta = 1 }: { delta?: number } = {}): void {
  if (stack.length < 2) throw new Error('cannot navigate back at first page.')
  const count = Math.min(delta, stack.length - 1)
  unlessKept(() => {
    goBack(count)
    history.go(-count)
  })
}

/** wx.enableAlertBeforeUnload; undefined asks no more. */
export function askBeforeUnload(message: string | undefined): void {
  const page = stack.at(-1)
  if (page) page.question = message
}

/** Leaves the top page, if the person agrees where the page asks. */
function unlessKept(leave: () => void): void {
  const content = stack.at(-1)?.question
  if (!content) return leave()
  void ask({ content }).then((isLeft) => {
    if (isLeft) leave()
  })
}

export function setTitle(title: string): void {
  const page = stack.at(-1)
  if (page) page.config.navigationBarTitleText = title
  redraw()
}

/** The browser tab was hidden or shown: to a mini program, it went to the background or back. */
export function setForeground(isForeground: boolean): void {
  if (isForeground) showTop()
  else hideTop()
}

/** The query of a page url, by name. As in WeChat, nothing is decoded. */
export function parseQuery(query: string): Query {
  const pairs = query.split('&').filter(Boolean)
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [name, value.join('=')]
    }),
  )
}

/** A page url, absolute or relative to the top page, as route and query. */
function resolve(url: string): Target {
  const [path = '', query = ''] = url.split('?')
  const base = `http://app/${stack.at(-1)?.route ?? ''}`
  const route = new URL(path, base).pathname.slice(1)
  if (!configs.has(route)) throw new Error(`page "${route}" is not found`)
  return { route, query }
}

/** The browser's history has an entry for each page of the stack, with its depth. */
function open({ route, query }: Target, entry: 'pushState' | 'replaceState'): void {
  const root = createPageRoot(route, query)
  const element = createElement('div', 'mp-page')
  const config = { ...app.window, ...configs.get(route) }
  const page = { route, query, root, element, config, isReady: false }
  const options = parseQuery(query)
  Object.assign(root.get(), { route, options })
  stack.push(page)

  const placeholder = createElement('div')
  element.append(placeholder)
  container.append(element)
  root.attach(element as never, placeholder as never)
  history[entry]({ depth: stack.length }, '', addressOf(page))
  call(page, 'onLoad', options)
  showTop()
}

/** The browser went back, as a phone's own back button does; or somewhere else in its history. */
function onHistory({ state }: PopStateEvent): void {
  const depth = (state as { depth: number } | null)?.depth ?? Infinity
  const top = stack.at(-1)
  if (depth < stack.length && top?.question) {
    history.pushState({ depth: stack.length }, '', addressOf(top))
    navigateBack({ delta: stack.length - depth })
  } else if (depth < stack.length) goBack(stack.length - depth)
  else if (top && location.hash !== addressOf(top)) location.reload()
}

/** The part of the browser's address that names a page, in the browser's own encoding. */
function addressOf({ route, query }: Target): string {
  return new URL(`#/${route}${query ? `?${query}` : ''}`, location.href).hash
}

function goBack(count: number): void {
  for (let closed = 0; closed < count; closed++) closeTop()
  showTop()
}

function showTop(): void {
  const page = stack.at(-1)
  if (!page) return
  for (const other of stack) other.element.hidden = other !== page
  call(page, 'onShow')
  page.root.getComponent().triggerPageLifetime('show', [])
  if (!page.isReady) {
    page.isReady = true
    requestAnimationFrame(() => call(page, 'onReady'))
  }
  redraw()
}

function hideTop(): void {
  const page = stack.at(-1)
  if (!page) return
  call(page, 'onHide')
  page.root.getComponent().triggerPageLifetime('hide', [])
}

function closeTop(): void {
  const page = stack.pop()
  if (!page) return
  call(page, 'onUnload')
  page.root.release()
  page.element.remove()
}

function call({ root, route }: OpenPage, lifecycle: Lifecycle, ...args: unknown[]): void {
  const instance = root.get()
  const method = (instance as unknown as Record<Lifecycle, unknown>)[lifecycle]
  if (typeof method !== 'function') return
  safeCallback(`${route} ${lifecycle}`, method as () => void, instance, args as [])
}

function redraw(): void {
  const page = stack.at(-1)
  if (!page) return
  const home = app.pages[0] ?? ''
  container.style.background = themed(page.config.backgroundColor) ?? ''
  drawNavigationBar({
    title: String(page.config.navigationBarTitleText ?? ''),
    background: themed(page.config.navigationBarBackgroundColor) ?? '#000',
    isDarkText: themed(page.config.navigationBarTextStyle) === 'black',
    onBack: stack.length > 1 ? () => navigateBack() : undefined,
    onHome:
      stack.length === 1 && page.route !== home ? () => reLaunch({ url: `/${home}` }) : undefined,
  })
}
