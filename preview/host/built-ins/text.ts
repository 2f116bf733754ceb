import { defineBuiltIn } from '../built-in'

export function defineText(): void {
  defineBuiltIn('text', { userSelect: false, selectable: false }, ({ element }) => ({
    update({ userSelect, selectable }) {
      element.toggleAttribute('user-select', userSelect || selectable)
    },
  }))
}
