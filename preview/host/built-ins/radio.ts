import { defineBuiltIn, type BuiltIn } from '../built-in'
import { createElement } from '../element'
import { onControlTap } from './controls'
import { focusable } from './focusable'

const defaults = { value: '', checked: false, disabled: false, color: '#09bb07' }
type Radio = BuiltIn<typeof defaults>

const radios = new WeakMap<Element, Radio>()
const groups = new WeakMap<Element, BuiltIn<object>>()

export function defineRadio(): void {
  defineBuiltIn('radio-group', {}, (builtIn) => {
    groups.set(builtIn.element, builtIn)
    builtIn.element.setAttribute('role', 'radiogroup')
  })
  defineBuiltIn('radio', defaults, (radio) => {
    const { element } = radio
    const circle = createElement('i', 'wx-circle')
    element.append(circle)
    focusable(radio)
    element.setAttribute('role', 'radio')
    radios.set(element, radio)
    onControlTap(element, () => choose(radio))
    radio.onTap(() => choose(radio))
    return {
      update({ checked, disabled, color }) {
        element.ariaChecked = String(checked)
        element.toggleAttribute('disabled', disabled)
        circle.style.background = circle.style.borderColor = checked ? color : ''
      },
    }
  })
}

function choose(radio: Radio): void {
  const { value, checked, disabled } = radio.properties
  if (checked || disabled) return
  const group = radio.element.closest('wx-radio-group')
  for (const element of group?.querySelectorAll('wx-radio') ?? []) {
    const other = radios.get(element)
    if (other?.properties.checked) other.change({ checked: false })
  }
  radio.change({ checked: true })
  if (group) groups.get(group)?.emit('change', { value })
}
