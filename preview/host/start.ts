import type { AppConfig } from '../project'
import { defineBuiltIns } from './built-ins'
import { createElement } from './element'
import { registerComponents, type CompiledComponent } from './engine'
import { isChinese } from './language'
import { currentPages, parseQuery, reLaunch, setForeground, showPhone } from './pages'
import { setThemeVariables } from './theme'
import { createWx } from './wx'
import { setTimeouts } from './wx/network'
import builtInStyle from './components.css'
import phoneStyle from './phone.css'

/** A mini program as the build hands it over. */
export interface MiniProgram {
  app: AppConfig
  theme: Record<string, Record<string, string>>
  style: string
  /** What stands below the page; default: that it is a simulation. */
  note?: Record<'zh' | 'en', string>
  /** Runs app.ts, which calls App. */
  load: () => void
  templates: Record<string, unknown>
  components: CompiledComponent[]
}

interface AppInstance {
  onLaunch?(options: object): void
  onShow?(options: object): void
  onHide?(): void
}

/** Runs a mini program in this document, at the page that the address names after `#`. */
export function start(miniProgram: MiniProgram): void {
  const { app, theme, style, note = SIMULATION, load, templates, components } = miniProgram
  document.documentElement.lang = isChinese ? 'zh-CN' : 'en'
  const styleElement = createElement('style', '', phoneStyle + builtInStyle)
  document.head.append(styleElement)
  setThemeVariables(theme)
  setTimeouts(app.networkTimeout ?? {})
  showPhone(app, new Map(components.map(({ path, config }) => [path, config])))
  document.body.append(createElement('footer', 'mp-note', isChinese ? note.zh : note.en))

  let instance: AppInstance = {}
  Object.assign(globalThis, {
    wx: createWx(),
    App: (definition: AppInstance) => {
      instance = definition
    },
    getApp: () => instance,
    getCurrentPages: currentPages,
    // WXS has these instead of the constructors.
    getRegExp: (pattern: string, flags?: string) => new RegExp(pattern, flags),
    getDate: (value: number | string = Date.now()) => new Date(value),
  })
  defineBuiltIns()
  load()
  registerComponents(components, templates, style)
  launch(app, () => instance)
}

function launch(app: AppConfig, appInstance: () => AppInstance): void {
  const [path = '', query = ''] = location.hash.slice(2).split('?')
  const route = app.pages.includes(path) ? path : app.pages[0]
  const options = { path: route, query: parseQuery(query), scene: 1001, referrerInfo: {} }
  const instance = appInstance()
  instance.onLaunch?.(options)
  instance.onShow?.(options)
  reLaunch({ url: `/${route}?${query}` })

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      setForeground(false)
      instance.onHide?.()
    } else {
      instance.onShow?.(options)
      setForeground(true)
    }
  })
}

const SIMULATION = {
  zh: '浏览器预览：模拟微信小程序，最终以开发者工具和真机为准',
  en: 'Browser preview, a simulation. Check on a phone, too.',
}
