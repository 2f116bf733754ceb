import { defineBuiltIn } from '../built-in'
import { createElement } from '../element'
import { focusable } from './focusable'
import { pressable } from './pressable'

const defaults = {
  type: 'default',
  size: 'default',
  plain: false,
  disabled: false,
  loading: false,
  hoverClass: 'button-hover',
}

export function defineButton(): void {
  defineBuiltIn('button', defaults, (builtIn) => {
    const { element } = builtIn
    const spinner = createElement('i', 'wx-spinner')
    pressable(builtIn)
    focusable(builtIn)
    element.setAttribute('role', 'button')
    return {
      update({ type, size, plain, disabled, loading }) {
        element.setAttribute('type', type)
        element.setAttribute('size', size)
        element.toggleAttribute('plain', plain)
        element.toggleAttribute('disabled', disabled)
        element.ariaDisabled = String(disabled)
        if (loading) element.prepend(spinner)
        else spinner.remove()
      },
    }
  })
}
