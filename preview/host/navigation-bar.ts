import { createElement } from './element'
import { isChinese } from './language'

export interface NavigationBar {
  title: string
  background: string
  isDarkText: boolean
  /** Shows the arrow that goes back. */
  onBack: (() => void) | undefined
  /** Shows the house that WeChat draws when a page other than the first was launched. */
  onHome: (() => void) | undefined
}

export const navigationBar = createElement('header', 'mp-navigation-bar')

/** Draws WeChat's navigation bar: back or home, the title, and the capsule. */
export function drawNavigationBar(bar: NavigationBar): void {
  document.title = bar.title
  navigationBar.style.background = bar.background
  navigationBar.classList.toggle('mp-dark-text', bar.isDarkText)
  const capsule = createElement('div', 'mp-capsule')
  capsule.ariaHidden = 'true'
  navigationBar.replaceChildren(
    ...button('mp-back', isChinese ? '返回' : 'Back', bar.onBack),
    ...button('mp-home', isChinese ? '首页' : 'Home', bar.onHome),
    createElement('h1', 'mp-title', bar.title),
    capsule,
  )
}

function button(className: string, label: string, action: (() => void) | undefined) {
  if (!action) return []
  const element = createElement('button', className)
  element.ariaLabel = label
  element.addEventListener('click', action)
  return [element]
}
