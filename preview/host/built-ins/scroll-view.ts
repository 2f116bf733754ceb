import { defineBuiltIn } from '../built-in'

export function defineScrollView(): void {
  defineBuiltIn('scroll-view', { scrollX: false, scrollY: false }, ({ element }) => ({
    update({ scrollX, scrollY }) {
      if (scrollX || scrollY) element.tabIndex = 0 // the keyboard can scroll what it can reach
      element.toggleAttribute('scroll-x', scrollX)
      element.toggleAttribute('scroll-y', scrollY)
    },
  }))
}
