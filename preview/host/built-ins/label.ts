import { defineBuiltIn } from '../built-in'
import { controlSelector, tapControl } from './controls'

export function defineLabel(): void {
  defineBuiltIn('label', { for: '' }, (builtIn) => {
    const { element } = builtIn
    builtIn.onTap((tapped) => {
      if (tapped?.closest(controlSelector)) return
      const { for: id } = builtIn.properties
      const page = element.closest('wx-page')
      const control = id
        ? page?.querySelector(`[id$="--${CSS.escape(id)}"]`)
        : element.querySelector(controlSelector)
      if (control) tapControl(control)
    })
  })
}
