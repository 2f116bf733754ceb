import type { Browser } from 'playwright-core'

export interface Picture {
  caption: string
  png: Buffer
  /** On the sheet, in px. */
  width: number
}

/** Puts pictures side by side on one, as PNG. `scale`: pixels of the PNG for one px. */
export async function contactSheet(
  browser: Browser,
  pictures: Picture[],
  columns: number,
  scale = 1,
): Promise<Buffer> {
  const viewport = { width: 100, height: 100 }
  const page = await browser.newPage({ viewport, deviceScaleFactor: scale })
  const figures = pictures.map(
    ({ caption, png, width }) =>
      `<figure><img width="${width}" src="data:image/png;base64,${png.toString('base64')}">
       <figcaption>${caption}</figcaption></figure>`,
  )
  await page.setContent(`<style>
      body { margin: 0; width: max-content; background: #fff; font: 14px sans-serif }
      main { display: grid; grid-template-columns: repeat(${columns}, max-content); gap: 16px; padding: 16px }
      figure { margin: 0; color: #555; text-align: center }
      img { display: block; margin-bottom: 8px; border: 1px solid #ddd; border-radius: 12px }
    </style><main>${figures.join('')}</main>`)
  const sheet = await page.locator('main').screenshot()
  await page.close()
  return sheet
}
