import { existsSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { en as sharedEn } from '../miniprogram/i18n/en'
import { zhCN as sharedZh } from '../miniprogram/i18n/zh-CN'
import { en } from '../miniprogram/presign/i18n/en'
import { zhCN } from '../miniprogram/presign/i18n/zh-CN'
import { report, type Sources } from './inspect/report'

const USAGE = `Explains a signed URL of COS and its 403: npm run inspect -- [options] [text or file…]

Without texts or files, reads standard input. Each may be a signed URL, an Authorization, a curl
command, a raw request, or a 403 as XML, JSON or in a log.

  --signed-method METHOD   the method that was signed
  --sent-method METHOD     the method that was sent
  --headers TEXT           headers as they were signed, "Name: value" on each line; text or file
  --request-url URL        where an Authorization was sent
  --http-string TEXT       HttpString as the signer built it; text or file
  --lang zh|en             default: by LANG
  COS_SECRET_KEY           environment variable: the SecretKey that signed, to prove what was signed

Exit status: 0 explained, 2 nothing could be read.`

void main()

async function main(): Promise<void> {
  try {
    const { values, positionals } = parse()
    if (values.help) return console.log(USAGE)
    const language = values.lang ?? process.env.LANG ?? ''
    const t = /^zh/i.test(language) ? { ...sharedZh, ...zhCN } : { ...sharedEn, ...en }
    const { output, isExplained } = report(await sourcesOf(positionals, values), t)
    console.log(output)
    process.exitCode = isExplained ? 0 : 2
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 2
  }
}

function parse() {
  const text = { type: 'string' } as const
  return parseArgs({
    allowPositionals: true,
    options: {
      'signed-method': text,
      'sent-method': text,
      headers: text,
      'request-url': text,
      'http-string': text,
      lang: text,
      help: { type: 'boolean', short: 'h' },
    },
  })
}

type Values = ReturnType<typeof parse>['values']

async function sourcesOf(positionals: string[], values: Values): Promise<Sources> {
  const isPiped = positionals.length === 0 || positionals.includes('-')
  const pasted = positionals.filter((one) => one !== '-').map(contentOf)
  return {
    pasted: isPiped ? [...pasted, await text(process.stdin)] : pasted,
    signedMethod: values['signed-method']?.toUpperCase() ?? '',
    sentMethod: values['sent-method']?.toUpperCase() ?? '',
    signedHeaders: contentOf(values.headers ?? ''),
    requestUrl: values['request-url'] ?? '',
    httpString: contentOf(values['http-string'] ?? ''),
    secretKey: process.env.COS_SECRET_KEY ?? '',
  }
}

/** The text of a file of that name, or the argument itself. */
function contentOf(argument: string): string {
  const isFile = argument !== '' && argument.length < 1024 && existsSync(argument)
  return isFile ? readFileSync(argument, 'utf8') : argument
}
