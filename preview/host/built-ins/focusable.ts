import type { BuiltIn } from '../built-in'

/** Lets the keyboard reach a component, and press it: Enter and the space bar are taps. */
export function focusable({ element, tap }: BuiltIn<object>): void {
  element.tabIndex = 0
  element.addEventListener('keydown', (event) => {
    if (event.target !== element || !/^(Enter| )$/.test(event.key)) return
    event.preventDefault()
    if (!element.hasAttribute('disabled')) tap()
  })
}
