import { defineBuiltIn } from '../built-in'

export function defineScrollView(): void {
  defineBuiltIn('scroll-view', { scrollX: false, scrollY: false }, ({ element }) => ({
    update({ scrollX, scrollY }) {
      element.toggleAttribute('scroll-x', scrollX)
      element.toggleAttribute('scroll-y', scrollY)
    },
  }))
}
