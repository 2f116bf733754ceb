type Variables = Record<string, Record<string, string>>

const dark = matchMedia('(prefers-color-scheme: dark)')
let variables: Variables = {}

/** Sets the contents of theme.json: variables for `light` and for `dark`. */
export function setThemeVariables(themeVariables: Variables): void {
  variables = themeVariables
}

export function currentTheme(): 'light' | 'dark' {
  return dark.matches ? 'dark' : 'light'
}

/** A value of app.json or of a page's .json file; `@name` is a variable of theme.json. */
export function themed(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return value.startsWith('@') ? variables[currentTheme()]?.[value.slice(1)] : value
}

export function onThemeChange(listener: () => void): void {
  dark.addEventListener('change', listener)
}
