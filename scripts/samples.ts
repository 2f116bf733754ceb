import fs from 'node:fs'
import path from 'node:path'

const ROOT = path.join(__dirname, '..')

/** Samples that pages show: a folder of code, and the texts that are generated of it. */
interface SampleSet {
  folder: string
  names: string[]
  output: string
}

const RECIPES: SampleSet = {
  folder: 'miniprogram/samples',
  names: ['put-object', 'post-object', 'multipart-upload', 'download-object'],
  output: 'miniprogram/i18n/samples.ts',
}

/** In the order of the manual page. */
const MANUAL_PAGE: SampleSet = {
  folder: 'miniprogram/presign/manual-samples',
  names: [
    'get-authorization',
    'download-1-unsigned',
    'download-2-signed',
    'download-3-callback',
    'download-4-expires',
    'download-5-download',
    'download-6-query-and-headers',
    'upload-1-put-object',
  ],
  output: 'miniprogram/presign/i18n/samples.ts',
}

/** The comments of the samples, for readers of Chinese. */
const CHINESE: Record<string, string> = {
  'Your backend asks STS for a temporary key: the app never holds a permanent one.':
    '由你的后端向 STS 申请临时密钥，小程序里不放永久密钥。',
  'Uploads a file of up to 50 MB with wx.request PUT.':
    '用 wx.request PUT 上传不超过 50 MB 的文件。',
  'Uploads a file with wx.uploadFile, which sends a form and reports progress.':
    '用 wx.uploadFile 上传文件：发送的是表单，有上传进度。',
  "Uploads a large file part by part. To pause, abort with the reason 'pause'; to resume, call\nit again with the same file and key. Any other abort removes the parts.":
    "分块上传大文件。暂停：以 'pause' 为原因中止；继续：用同一个文件和对象键再调用一次。\n以其他原因中止会删除已上传的分块。",
  'Downloads an object with wx.downloadFile and gives its temporary path.':
    '用 wx.downloadFile 下载对象，返回临时文件路径。',
  'Manual page: "Obtain the authentication credential for object download".':
    '官方文档「获取下载对象的鉴权凭证」。',
  'Manual page: "Download sample 1. Get an object URL without a signature".':
    '官方文档，下载示例一「获取不带签名的对象 URL」。',
  'Manual page: "Download sample 2. Get a signed object URL".':
    '官方文档，下载示例二「获取带签名的对象 URL」。',
  'Manual page: "Download sample 3. Get a signed URL through callback".':
    '官方文档，下载示例三「通过回调获取带签名的 URL」。',
  'Manual page: "Download sample 4. Specify the validity period of a link".':
    '官方文档，下载示例四「指定链接的有效时间」。',
  'Manual page: "Download sample 5. Get the object URL and download the object".':
    '官方文档，下载示例五「获取对象 URL 并下载对象」。',
  'Manual page: "Download sample 6. Generate the pre-signed URL with … Query and Header".':
    '官方文档，下载示例六「生成签名中包含 Query 和 Header 的预签名 URL」。',
  'Manual page: "Upload sample 1. Get a pre-signed URL for Put Object upload".':
    '官方文档，上传示例一「获取 Put Object 上传的预签名 URL」。',
  'For debugging only: an app that holds a permanent key discloses it.':
    '仅限调试：小程序里的永久密钥会泄露。',
  'Opens only objects that anybody may read.': '只能访问公有读的对象。',
  'Signed only if COS was given SecretId and SecretKey, or has a temporary key already.':
    '仅在传入了 SecretId 和 SecretKey，或已有临时密钥时带签名。',
  'the manual page has false here, which gives an unsigned URL':
    '文档写的是 false，得到的 URL 没有签名',
  'seconds; the signature never outlives its temporary key': '单位为秒；临时密钥到期后签名同时失效',
  'the manual page has if (!err): it never downloads': '文档写的是 if (!err)，永远不会下载',
  'its host must be in the downloadFile allowlist': '域名需加入 downloadFile 合法域名',
  "wx calls success for every status: that of a refusal comes with COS's error document.":
    '任何状态码都会走 success 回调，被拒绝时得到的是 COS 的错误 XML。',
  'The request must have exactly these parameters. A user cannot change them.':
    '请求必须带上完全相同的参数，用户无法修改。',
  "The host that the request goes to; the manual page has 'xxx'. It is also the default.":
    "请求实际访问的域名，也是默认值；文档写的是 'xxx'。",
  'its host must be in the request allowlist': '域名需加入 request 合法域名',
  'as in getObjectUrl': '与 getObjectUrl 的 Method 一致',
  'without it, wx sends application/json': '不设置时，wx 会发送 application/json',
  'the response is not JSON': '返回的不是 JSON',
  'wx calls success for every status, also for a refusal.':
    '任何状态码都会走 success 回调，被拒绝时也是。',
}

/** What every recipe begins with after its imports: the signer. */
const SIGNER = /^const cos = new COS\(\{\n[\s\S]*?^\}\)\n/m

/**
 * The comments of a sample, each with its translation, both as they are in the code.
 * @throws Error that quotes a comment without a translation
 */
export function translateComments(code: string, translations = CHINESE): [string, string][] {
  return [...code.matchAll(/\/\/ (.*)|\/\*\*([\s\S]*?)\*\//g)].map(
    ([comment, line, block = '']) => {
      const lines = (line ?? block)
        .split('\n')
        .map((text) => text.replace(/^\s*\*? ?/, '').trimEnd())
      const english = lines.filter(Boolean).join('\n')
      const chinese = translations[english]?.split('\n')
      if (!chinese) throw new Error(`no translation of the comment: ${english}`)
      if (line !== undefined) return [comment, `// ${chinese[0]}`]
      if (!comment.includes('\n')) return [comment, `/** ${chinese[0]} */`]
      return [comment, ['/**', ...chinese.map((text) => ` * ${text}`), ' */'].join('\n')]
    },
  )
}

/** What the output of a set holds when it agrees with the samples. */
function sampleTexts({ folder, names, output }: SampleSet): string {
  const codes = names.map((name) =>
    fs.readFileSync(path.join(ROOT, folder, `${name}.ts`), 'utf8').trim(),
  )
  const signer = SIGNER.exec(codes[0]!)?.[0]
  if (signer && codes.some((code) => !code.includes(signer))) {
    throw new Error(`${output}: the recipes do not share their signer`)
  }
  const entryOf = (code: string) =>
    signer ? literal(code).replace(literal(signer).slice(1, -1), '${signer}') : literal(code)
  const comments = new Map(codes.flatMap((code) => translateComments(code)))
  return `/** Generated by \`npx tsx scripts/samples.ts\`: the samples of ${folder}/, as pages show them. */
${signer ? `\nconst signer = ${literal(signer)}\n` : ''}
/** By name. */
export const samples = {
${names.map((name, index) => `  '${name}': ${entryOf(codes[index]!)},`).join('\n')}
}

/** The comments of the samples, and their translations. */
export const chineseComments: [string, string][] = [
${[...comments].map(([english, chinese]) => `  [${literal(english)}, ${literal(chinese)}],`).join('\n')}
]
`
}

/** Why the texts do not agree with the samples, in one line; empty when they do. */
export function samplesProblem(): string {
  const stale = [RECIPES, MANUAL_PAGE].filter(
    (set) => fs.readFileSync(path.join(ROOT, set.output), 'utf8') !== sampleTexts(set),
  )
  if (stale.length === 0) return ''
  const outputs = stale.map(({ output }) => output).join(', ')
  return `not up to date: ${outputs}. Run npx tsx scripts/samples.ts`
}

function literal(code: string): string {
  return `\`${code.replace(/[\\`]|\$\{/g, '\\$&')}\``
}

if (process.argv[1] === __filename) {
  for (const set of [RECIPES, MANUAL_PAGE]) {
    fs.writeFileSync(path.join(ROOT, set.output), sampleTexts(set))
  }
}
