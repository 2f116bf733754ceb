import { defineBuiltIn, length } from '../built-in'
import { createElement } from '../element'

const defaults = {
  percent: 0,
  strokeWidth: null as string | number | null,
  borderRadius: null as string | number | null,
  activeColor: '#09bb07',
  backgroundColor: '#ebebeb',
  active: false,
}

export function defineProgress(): void {
  defineBuiltIn('progress', defaults, ({ element }) => {
    const bar = createElement('div', 'wx-bar')
    const filled = createElement('div', 'wx-bar-filled')
    bar.append(filled)
    element.append(bar)
    return {
      update({ percent, strokeWidth, borderRadius, activeColor, backgroundColor, active }) {
        bar.style.height = length(strokeWidth ?? 6)
        bar.style.borderRadius = length(borderRadius ?? 0)
        bar.style.background = backgroundColor
        filled.style.width = `${Math.min(100, Math.max(0, percent))}%`
        filled.style.background = activeColor
        filled.style.transition = active ? 'width 0.3s linear' : ''
      },
    }
  })
}
