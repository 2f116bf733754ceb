import { defineBuiltIn } from '../built-in'
import { navigateBack, navigateTo, redirectTo, reLaunch } from '../pages'
import { focusable } from './focusable'
import { pressable } from './pressable'

const actions: Record<string, (target: { url: string; delta?: number }) => void> = {
  navigate: navigateTo,
  redirect: redirectTo,
  reLaunch,
  navigateBack,
}

const defaults = { url: '', openType: 'navigate', delta: 1, hoverClass: 'navigator-hover' }

export function defineNavigator(): void {
  defineBuiltIn('navigator', defaults, (builtIn) => {
    pressable(builtIn)
    focusable(builtIn)
    builtIn.element.setAttribute('role', 'link')
    builtIn.onTap(() => {
      const { url, delta, openType } = builtIn.properties
      actions[openType]?.({ url, delta })
    })
  })
}
