import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { listFiles } from '../../scripts/shared/list-files'

/** WCAG 2.2, 1.4.3 and 1.4.11: letters need 4.5:1, signs and bars 3:1. */

type Rgb = [number, number, number]
type Theme = Record<string, string>

const ROOT = join(__dirname, '../../miniprogram')
const source = readFileSync(join(ROOT, 'styles/tokens.wxss'), 'utf8')
const [lightSource = '', darkSource = ''] = source.split('@media (prefers-color-scheme: dark)')

const TEXTS = ['fg', 'fg-secondary', 'fg-hint', 'brand-text', 'link', 'danger', 'warning']
const BACKGROUNDS = ['bg-page', 'bg-card', 'bg-field', 'danger-bg', 'good-bg', 'warning-bg']
const OTHERS = ['brand', 'brand-fill', 'on-brand', 'shade', 'on-shade', 'line', 'mono']

/** Letters that stand on something else, and what it is. */
const PAIRS = [
  ['on-brand', 'brand-fill'],
  ['bg-card', 'warning'],
  ['danger-bg', 'danger'],
  // On a white picture.
  ['on-shade', 'shade'],
] as const

const light = tokensOf(lightSource)
const themes: [string, Theme][] = [
  ['light', light],
  ['dark', { ...light, ...tokensOf(darkSource) }],
]

function tokensOf(css: string): Theme {
  return Object.fromEntries([...css.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, a, b]) => [a, b]))
}

/** `#fff`, `#07c160` or `rgb(0 0 0 / 90%)` as it looks on a background. */
function colorOf(value: string, on: Rgb = [255, 255, 255]): Rgb {
  const mixed = /^rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)$/.exec(value)
  if (mixed) {
    const alpha = Number(mixed[4]) / 100
    return on.map((below, index) => Number(mixed[index + 1]) * alpha + below * (1 - alpha)) as Rgb
  }
  const long = value.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3')
  if (!/^#[0-9a-f]{6}$/.test(long)) throw new TypeError(`not a color: ${value}`)
  return [1, 3, 5].map((at) => parseInt(long.slice(at, at + 2), 16)) as Rgb
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const value = part / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** 1 to 21. */
function contrast(theme: Theme, text: string, background: string): number {
  const below = colorOf(theme[background]!)
  const [more, less] = [luminance(colorOf(theme[text]!, below)), luminance(below)].toSorted(
    (a, b) => b - a,
  )
  return (more! + 0.05) / (less! + 0.05)
}

function tooFaint(theme: Theme, pairs: readonly (readonly [string, string])[], least: number) {
  return pairs.flatMap(([text, background]) => {
    const ratio = contrast(theme, text, background)
    return ratio < least ? [`${text} on ${background}: ${ratio.toFixed(2)}`] : []
  })
}

const letters = [
  ...TEXTS.flatMap((text) => BACKGROUNDS.map((background) => [text, background] as const)),
  ...PAIRS,
]

describe.each(themes)('%s', (name, theme) => {
  test('every text can be read on every background', () => {
    expect(tooFaint(theme, letters, 4.5)).toEqual([])
  })

  test('a button can be read: WeChat mixes its background into that of the card', () => {
    const mix = name === 'light' ? 'rgb(0 0 0 / 5%)' : 'rgb(255 255 255 / 8%)'
    const [red, green, blue] = colorOf(mix, colorOf(theme['bg-card']!)).map(Math.round)
    const button = `#${[red, green, blue].map((part) => part!.toString(16).padStart(2, '0')).join('')}`
    expect(contrast({ ...theme, button }, 'brand-text', 'button')).toBeGreaterThan(4.5)
  })

  test('the main button, and a bar that has stopped, stand out from the card', () => {
    const signs = ['brand-fill', 'danger', 'warning', 'fg-hint'].map(
      (sign) => [sign, 'bg-card'] as const,
    )
    expect(tooFaint(theme, signs, 3)).toEqual([])
  })
})

test.each([
  ['fg-hint', '#999'],
  ['link', 'rgb(0 0 0 / 40%)'],
  ['on-brand', '#07c160'],
])('%s of %s is found to be too faint', (text, color) => {
  expect(tooFaint({ ...light, [text]: color }, letters, 4.5)).not.toEqual([])
})

test('every token is known here as a text, a background or something else', () => {
  const known = [...TEXTS, ...BACKGROUNDS, ...OTHERS]
  expect(new Set(Object.keys(light))).toEqual(new Set(known))
})

test('colors come from the tokens only', () => {
  const files = listFiles(ROOT, ['.wxss']).filter((file) => file !== 'styles/tokens.wxss')
  expect(files.length).toBeGreaterThan(10)
  const color = /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(/i
  expect(files.filter((file) => color.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([])
})

test('placeholders are in the color of hints: that of WeChat is too faint to tell anything', () => {
  const fields = listFiles(ROOT, ['.wxml']).flatMap(
    (file) => readFileSync(join(ROOT, file), 'utf8').match(/<(input|textarea)\b[^]*?>/g) ?? [],
  )
  expect(fields.length).toBeGreaterThan(4)
  const told = fields.filter((field) => field.includes('placeholder='))
  const style = 'placeholder-style="color: var(--fg-hint)"'
  expect(told.filter((field) => !field.includes(style))).toEqual([])
})
