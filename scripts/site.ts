import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { buildSite } from './site/build-site'

void main(process.argv[2] ?? 'site')

/** Writes the signature workbench as a static page: `npm run site -- [folder]`. */
async function main(folder: string): Promise<void> {
  const html = await buildSite()
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'index.html'), html)
  const size = Math.round(Buffer.byteLength(html) / 1024)
  console.log(`${path.join(folder, 'index.html')}: ${size} KB`)
}
