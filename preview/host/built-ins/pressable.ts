import type { BuiltIn } from '../built-in'

const releaseDelay = 70 // ms; the default of hover-stay-time

/** Puts the `hover-class` on a component while it is pressed. */
export function pressable(builtIn: BuiltIn<{ hoverClass: string }>): void {
  const { element, component } = builtIn
  const toggle = (isPressed: boolean) => {
    const { hoverClass } = builtIn.properties
    if (/^(button|navigator)-hover$/.test(hoverClass)) {
      element.classList.toggle(hoverClass, isPressed)
    } else if (hoverClass !== 'none') {
      for (const name of hoverClass.split(/\s+/).filter(Boolean)) {
        component.classList?.toggle(name, isPressed)
      }
    }
  }
  element.addEventListener('pointerdown', () => toggle(true))
  for (const type of ['pointerup', 'pointercancel', 'pointerleave']) {
    element.addEventListener(type, () => setTimeout(toggle, releaseDelay, false))
  }
}
