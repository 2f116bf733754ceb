/** What a tap does to a control: a label passes its tap on to the control that it belongs to. */
const actions = new WeakMap<Element, () => void>()

export const controlSelector = 'wx-input, wx-radio, wx-switch, wx-button'

export function onControlTap(element: Element, action: () => void): void {
  actions.set(element, action)
}

export function tapControl(element: Element): void {
  actions.get(element)?.()
}
