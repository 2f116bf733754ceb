import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from '../../preview/build'

/**
 * The signature workbench as one HTML file, from any static host or from a disk. It has no server,
 * and its Content-Security-Policy allows no connection: what is pasted stays in the page.
 */
export async function buildSite(): Promise<string> {
  const source = path.join(__dirname, '../../miniprogram')
  const { script } = await build(source, {
    pages: ['presign/presign'],
    config: { serverUrl: '', permanentKeyForm: true },
    style: await readFile(path.join(__dirname, 'site.css'), 'utf8'),
    note: {
      zh: '内容只在本页处理，不会发送到任何地方',
      en: 'Nothing that you type or paste here leaves this page',
    },
    minify: true,
  })
  // In HTML, a script ends at the first `</script`.
  const inline = script
    .replace(/\/\/# sourceMappingURL=.*\s*$/, '')
    .replaceAll('</script', '<\\/script')
  const hash = createHash('sha256').update(inline).digest('base64')
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html>
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="referrer" content="no-referrer" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <link rel="icon" href="data:," />
    <title>COS</title>
  </head>
  <body>
    <script>${inline}</script>
  </body>
</html>
`
}
