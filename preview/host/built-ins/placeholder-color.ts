/** Takes the color of a `placeholder-style`: what a placeholder of a browser can have of it. */
export function setPlaceholderColor(field: HTMLElement, style: string): void {
  const [, color = ''] = /(?:^|;)\s*color:\s*([^;]+)/.exec(style) ?? []
  field.style.setProperty('--placeholder', color)
}
