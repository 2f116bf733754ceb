import { defineBuiltIn } from '../built-in'

/** The browser's own font size stands for the one that is set in WeChat. */
export function definePageMeta(): void {
  defineBuiltIn('page-meta', { rootFontSize: '' }, () => ({
    update({ rootFontSize }) {
      document.documentElement.style.fontSize = rootFontSize === 'system' ? '' : rootFontSize
    },
  }))
}
