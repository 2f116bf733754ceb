import type { DataChange, GeneralComponent, templateEngine } from 'glass-easel'
import { componentSpace } from './engine'
import { createElement } from './element'

/** What a built-in component works with: its DOM element, its properties, its events. */
export interface BuiltIn<Properties> {
  element: HTMLElement
  component: GeneralComponent
  /** Their values of now; there are none yet while the component is set up. */
  readonly properties: Properties
  /** Fires `bind:name` with `detail`. */
  emit(name: string, detail?: object): void
  /** Sets properties that the user has changed; `model:` bindings follow. */
  change(values: Partial<Properties>): void
  /** Calls `listener` with the element that was tapped: this one, or one inside. */
  onTap(listener: (tapped: Element | undefined) => void): void
  /** Fires a tap, as the person does who presses Enter. */
  tap(): void
}

/** How a built-in component is drawn. */
export interface Parts<Properties> {
  /** Called at first with all properties, then with `changed` ones. */
  update?(properties: Properties, changed?: ReadonlySet<string>): void
}

const ariaAttributes = [
  'Role',
  'Label',
  'Hidden',
  'Checked',
  'Selected',
  'Disabled',
  'Expanded',
  'Busy',
  'Live',
  'Valuemin',
  'Valuemax',
  'Valuenow',
  'Valuetext',
]

/**
 * Defines a built-in component as an "external component" of glass-easel: plain DOM inside,
 * properties and events outside.
 * @param defaults its properties with their default values
 */
export function defineBuiltIn<Properties extends object>(
  name: string,
  defaults: Properties,
  setUp: (builtIn: BuiltIn<Properties>) => Parts<Properties> | void,
): void {
  const properties: Record<string, unknown> = { hidden: { type: Boolean } }
  for (const attribute of ariaAttributes) {
    properties[`aria${attribute}`] = { type: null, value: null }
  }
  for (const [property, value] of Object.entries(defaults)) {
    properties[property] = { type: typeOf(value), value }
  }
  const definition = componentSpace.defineComponent({
    is: `built-in/${name}`,
    properties: properties as Record<string, { type: null }>,
    options: {
      externalComponent: true,
      templateEngine: {
        create: () => ({ createInstance: (component) => createInstance(component, setUp) }),
      },
    },
  })
  componentSpace.setGlobalUsingComponent(name, definition.general())
}

function typeOf(value: unknown) {
  const types = { string: String, number: Number, boolean: Boolean }
  return types[typeof value as keyof typeof types] ?? null
}

function createInstance<Properties extends object>(
  component: GeneralComponent,
  setUp: (builtIn: BuiltIn<Properties>) => Parts<Properties> | void,
): templateEngine.TemplateInstance {
  // A page that is closed has no elements: what it still draws is nowhere to be seen.
  const element = (component.getBackendElement() ?? createElement('div')) as unknown as HTMLElement
  const parts =
    setUp({
      element,
      component,
      get properties() {
        return component.data as Properties
      },
      emit: (name, detail = {}) => component.triggerEvent(name, detail),
      change(values) {
        for (const [property, value] of Object.entries(values)) {
          component.replaceDataOnPath([property], value)
        }
        component.applyDataUpdates()
      },
      onTap(listener) {
        component.addListener('tap', ({ target }) => {
          listener(target.getBackendElement?.() as unknown as Element | undefined)
        })
      },
      tap: () => component.triggerEvent('tap', {}, { bubbles: true, composed: true }),
    }) ?? {}

  const update = (data: Record<string, unknown>, changed?: ReadonlySet<string>) => {
    updateCommon(element, data)
    parts.update?.(data as Properties, changed)
  }
  return {
    shadowRoot: {
      root: element as never,
      slot: element as never,
      getIdMap: () => ({}),
      handleEvent: () => {},
      setListener: () => {},
    },
    initValues: (data: Record<string, unknown>) => update(data),
    updateValues: (data: Record<string, unknown>, changes: DataChange[]) =>
      update(data, new Set(changes.map(([path]) => String(path[0])))),
  }
}

/** What every built-in component understands: `hidden` and the aria attributes. */
function updateCommon(element: HTMLElement, data: Record<string, unknown>): void {
  element.hidden = Boolean(data.hidden)
  for (const attribute of ariaAttributes) {
    const value = data[`aria${attribute}`]
    const name = attribute === 'Role' ? 'role' : `aria-${attribute.toLowerCase()}`
    if (value === '') element.removeAttribute(name)
    else if (value !== null && value !== undefined) element.setAttribute(name, String(value))
  }
}
