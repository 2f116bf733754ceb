import { defineBuiltIn } from '../built-in'
import { onControlTap } from './controls'
import { focusable } from './focusable'

const defaults = { checked: false, disabled: false, color: '#04be02' }

export function defineSwitch(): void {
  defineBuiltIn('switch', defaults, (builtIn) => {
    const { element } = builtIn
    const toggle = () => {
      if (builtIn.properties.disabled) return
      const checked = !builtIn.properties.checked
      builtIn.change({ checked })
      builtIn.emit('change', { value: checked })
    }
    element.setAttribute('role', 'switch')
    focusable(builtIn)
    onControlTap(element, toggle)
    builtIn.onTap(toggle)
    return {
      update({ checked, disabled, color }) {
        element.ariaChecked = String(checked)
        element.toggleAttribute('disabled', disabled)
        element.style.background = checked ? color : ''
      },
    }
  })
}
