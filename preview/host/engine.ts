import {
  CurrentWindowBackendContext,
  Event,
  NativeNode,
  type Element,
  type EventOptions,
  type GeneralComponent,
  type domlikeBackend,
  type EventMutLevel,
} from 'glass-easel'
import { MiniProgramEnv, type Root, type types } from 'glass-easel-miniprogram-adapter'
import { builtInNames } from './built-in-names'
import { convertUnits } from './units'

/** A page or component as the build hands it over. */
export interface CompiledComponent {
  path: string
  config: types.ComponentStaticConfig & Record<string, unknown>
  style: string
  scope: string | undefined
  /** Runs its script, which calls Page or Component. */
  load: () => void
}

/** The DOM that glass-easel draws into, with the differences between WXML and HTML. */
class Backend extends CurrentWindowBackendContext {
  private readonly styleSheets = new Map<string, number>()

  override document = {
    createElement: (tag: string) => {
      const element = document.createElement(builtInNames.has(tag) ? `wx-${tag}` : tag)
      const setAttribute = element.setAttribute.bind(element)
      element.setAttribute = (name, value) =>
        setAttribute(name, name === 'style' ? convertUnits(value) : value)
      return element as unknown as domlikeBackend.Element
    },
    createTextNode: (text: string) =>
      document.createTextNode(text) as unknown as domlikeBackend.Element,
    createDocumentFragment: () =>
      document.createDocumentFragment() as unknown as domlikeBackend.Element,
  }

  /** Built-in components fire their own events: a native `input` or `change` would come twice. */
  override setListenerStats(
    element: domlikeBackend.Element,
    type: string,
    capture: boolean,
    mutLevel: EventMutLevel,
  ): void {
    if (!/^(touch|animation|transition)/.test(type)) return
    super.setListenerStats(element, type, capture, mutLevel)
  }

  /** The adapter appends the styles of the app and of a page whenever it opens a page. */
  override appendStyleSheetPath(path: string, styleScope?: number): number {
    const index = this.styleSheets.get(path) ?? super.appendStyleSheetPath(path, styleScope)
    this.styleSheets.set(path, index)
    return index
  }

  override associateValue(element: domlikeBackend.Element, value: Element): void {
    super.associateValue(element, value)
    if (value instanceof NativeNode) {
      // oxlint-disable-next-line no-console
      console.warn(`<${value.is}> is not in the preview`)
    }
  }
}

const environment = new MiniProgramEnv()
const codeSpace = environment.createCodeSpace('', true)
const backend = new Backend()
const associated = environment.associateBackend(backend)

/** Where components are registered; the built-in ones too. */
export const componentSpace = codeSpace.getComponentSpace()
componentSpace.updateComponentOptions({ writeIdToDOM: true })
backend.onEvent(dispatch)
codeSpace.setOverallBehavior(readyAfterFirstFrame())

function dispatch(target: Element, type: string, detail: unknown, options: EventOptions) {
  const { originalEvent } = options as { originalEvent?: globalThis.Event }
  const touched = originalEvent?.target
  if (type === 'tap' && touched instanceof HTMLElement) {
    if (touched.closest('wx-button[disabled]')) return undefined
    // After a touch the browser also clicks: that must not fall on a page that the tap has opened.
    if (touched.tagName !== 'INPUT') originalEvent?.preventDefault()
  }
  const event = new Event(type, detail, options)
  Event.dispatchEvent(target, event)
  return event.getEventBubbleStatus()
}

/** The engine leaves it to its host to say when a component is `ready`. */
function readyAfterFirstFrame() {
  return componentSpace
    .define()
    .lifetime('attached', function attached() {
      const { _$: component } = this as unknown as { _$: GeneralComponent }
      requestAnimationFrame(() => component.triggerLifetime('ready', []))
    })
    .registerBehavior()
}

/** Registers all pages and components; they may use each other in any order. */
export function registerComponents(
  components: CompiledComponent[],
  templates: Record<string, unknown>,
  appStyle: string,
): void {
  addStyle('app', appStyle, undefined)
  for (const { path, config, style, scope } of components) {
    codeSpace.addComponentStaticConfig(path, config)
    codeSpace.addCompiledTemplate(path, {
      groupList: templates,
      content: templates[path],
      fallbackListenerOnNativeNode: true,
    } as never)
    addStyle(path, style, scope)
  }
  componentSpace.groupRegister(() => {
    for (const component of components) {
      codeSpace.globalComponentEnv(globalThis, component.path, component.load)
    }
  })
}

function addStyle(path: string, style: string, scope: string | undefined): void {
  codeSpace.addStyleSheet(path, path, scope)
  associated.registerStyleSheetContent(path, style)
}

/** Creates a page, not yet in the document. */
export function createPageRoot(route: string, query: string): Root {
  const root = associated.createRoot('wx-page', codeSpace, query ? `${route}?${query}` : route)
  const element = root.getComponent().getBackendElement() as unknown as HTMLElement
  element.setAttribute('is', route)
  return root
}
