import { defineBuiltIn } from '../built-in'
import { pressable } from './pressable'

export function defineView(): void {
  defineBuiltIn('view', { hoverClass: 'none' }, pressable)
}
