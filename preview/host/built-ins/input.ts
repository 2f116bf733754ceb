import { defineBuiltIn } from '../built-in'
import { createElement } from '../element'
import { onControlTap } from './controls'
import { setPlaceholderColor } from './placeholder-color'

const inputModes: Record<string, string> = { number: 'numeric', digit: 'decimal' }

const defaults = {
  value: '',
  type: 'text',
  password: false,
  placeholder: '',
  placeholderStyle: '',
  maxlength: 140,
  disabled: false,
  focus: false,
  ariaLabel: null as string | null,
}

export function defineInput(): void {
  defineBuiltIn('input', defaults, ({ element, emit, change }) => {
    const input = createElement('input')
    element.append(input)
    onControlTap(element, () => input.focus())
    input.addEventListener('input', () => {
      change({ value: input.value })
      emit('input', { value: input.value, cursor: input.selectionStart ?? input.value.length })
    })
    input.addEventListener('focus', () => emit('focus', { value: input.value }))
    // WeChat's events come later; the browser's comes in the middle of an update that removes the field.
    input.addEventListener('blur', () => queueMicrotask(() => emit('blur', { value: input.value })))
    input.addEventListener('keydown', ({ key, isComposing }) => {
      if (key !== 'Enter' || isComposing) return
      emit('confirm', { value: input.value })
      input.blur()
    })
    return {
      update(properties, changed) {
        const { value, type, password, placeholder, maxlength, disabled, focus } = properties
        const { placeholderStyle, ariaLabel } = properties
        // Writing an equal value would move the cursor.
        if (input.value !== value) input.value = value
        input.type = password ? 'password' : 'text'
        input.inputMode = inputModes[type] ?? 'text'
        input.placeholder = placeholder
        setPlaceholderColor(element, placeholderStyle)
        if (maxlength < 0) input.removeAttribute('maxlength')
        else input.maxLength = maxlength
        input.disabled = disabled
        if (ariaLabel) input.ariaLabel = ariaLabel
        element.removeAttribute('aria-label') // it is the name of the field inside
        if (focus && (!changed || changed.has('focus'))) requestAnimationFrame(() => input.focus())
      },
    }
  })
}
