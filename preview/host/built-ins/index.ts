import { defineButton } from './button'
import { defineImage } from './image'
import { defineInput } from './input'
import { defineLabel } from './label'
import { defineNavigator } from './navigator'
import { definePageMeta } from './page-meta'
import { defineRadio } from './radio'
import { defineScrollView } from './scroll-view'
import { defineSwitch } from './switch'
import { defineText } from './text'
import { defineTextarea } from './textarea'
import { defineView } from './view'

/** Makes all built-in components known to the engine: those of `built-in-names.ts`. */
export function defineBuiltIns(): void {
  defineButton()
  defineImage()
  defineInput()
  defineLabel()
  defineNavigator()
  definePageMeta()
  defineRadio()
  defineScrollView()
  defineSwitch()
  defineText()
  defineTextarea()
  defineView()
}
