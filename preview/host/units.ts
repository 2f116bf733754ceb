/**
 * WeChat's lengths in terms of the page area, which is a CSS container: 750rpx is its width (`--rpx`
 * in phone.css), and vw and vh are relative to it, not to the browser window.
 */
export function convertUnits(css: string): string {
  return css
    .replace(/(^|[^\w.#-])([+-]?(?:\d+\.?\d*|\.\d+))rpx\b/g, '$1calc($2 * var(--rpx))')
    .replace(/(^|[^\w.#-])([+-]?(?:\d+\.?\d*|\.\d+))v([wh])\b/g, '$1$2cq$3')
}
