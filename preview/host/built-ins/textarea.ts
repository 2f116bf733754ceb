import { defineBuiltIn } from '../built-in'
import { createElement } from '../element'
import { onControlTap } from './controls'
import { setPlaceholderColor } from './placeholder-color'

const defaults = {
  value: '',
  placeholder: '',
  placeholderStyle: '',
  maxlength: 140,
  disabled: false,
  focus: false,
  autoHeight: false,
  disableDefaultPadding: false,
  ariaLabel: null as string | null,
}

export function defineTextarea(): void {
  defineBuiltIn('textarea', defaults, ({ element, emit, change }) => {
    const area = createElement('textarea')
    area.rows = 1
    element.append(area)
    onControlTap(element, () => area.focus())
    area.addEventListener('input', () => {
      change({ value: area.value })
      emit('input', { value: area.value, cursor: area.selectionStart })
    })
    area.addEventListener('focus', () => emit('focus', { value: area.value }))
    area.addEventListener('blur', () => queueMicrotask(() => emit('blur', { value: area.value })))
    return {
      update(properties, changed) {
        const { value, placeholder, maxlength, disabled, focus, autoHeight } = properties
        const { placeholderStyle, ariaLabel } = properties
        // Writing an equal value would move the cursor.
        if (area.value !== value) area.value = value
        area.placeholder = placeholder
        setPlaceholderColor(element, placeholderStyle)
        if (maxlength < 0) area.removeAttribute('maxlength')
        else area.maxLength = maxlength
        area.disabled = disabled
        element.toggleAttribute('auto-height', autoHeight)
        if (ariaLabel) area.ariaLabel = ariaLabel
        element.removeAttribute('aria-label') // it is the name of the field inside
        if (focus && (!changed || changed.has('focus'))) requestAnimationFrame(() => area.focus())
      },
    }
  })
}
