import { isIPv4 } from 'node:net'
import { parseArgs } from 'node:util'

export interface StartOptions {
  /** Whether other devices reach it: false, true, or on which IPv4 address of this computer. */
  lan: boolean | string
  previewPort: number
  serverPort: number
  cloudPort: number
  controlPort: number
  /** Folder of the local cloud's objects. */
  data: string
  help: boolean
}

export const HELP = `npm start -- [options]

Starts the preview, the server and the local cloud; Ctrl-C ends them.

  --preview-port PORT  the mini program in a browser (default 8080)
  --server-port PORT   the backend that gives temporary keys (default 3000)
  --cloud-port PORT    COS and STS on this computer (default 9000)
  --control-port PORT  the console of the local cloud (default 9001)
  --data DIR           where the local cloud keeps its objects (default .data/)
  --lan [ADDRESS]      for a phone: listen on this computer's address on the local network, where
                       everybody can reach it; the console stays on this computer
  --help               show this

PORT 0 takes any free port.`

/**
 * Reads the options of `npm start`.
 *
 * @param args What follows the script's name on the command line.
 * @throws TypeError that names the option and what it wants.
 */
export function parseStartOptions(args: string[]): StartOptions {
  const { tokens } = parseArgs({ args, strict: false, tokens: true, options: OPTIONS })
  const options: StartOptions = {
    lan: false,
    previewPort: 8080,
    serverPort: 3000,
    cloudPort: 9000,
    controlPort: 9001,
    data: '.data',
    help: false,
  }
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'option') set(options, token.rawName, token.value)
    if (token.kind !== 'positional') continue
    // Its value may be left out, which parseArgs knows of no option.
    const before = tokens[index - 1]
    const belongsToLan = before?.kind === 'option' && before.name === 'lan' && options.lan === true
    if (!belongsToLan) throw new TypeError(`unknown argument ${token.value}`)
    set(options, before.rawName, token.value)
  }
  return options
}

const OPTIONS = {
  'preview-port': { type: 'string' },
  'server-port': { type: 'string' },
  'cloud-port': { type: 'string' },
  'control-port': { type: 'string' },
  data: { type: 'string' },
  lan: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

function set(options: StartOptions, name: string, value: string | undefined): void {
  switch (name) {
    case '--preview-port':
      options.previewPort = port(name, value)
      break
    case '--server-port':
      options.serverPort = port(name, value)
      break
    case '--cloud-port':
      options.cloudPort = port(name, value)
      break
    case '--control-port':
      options.controlPort = port(name, value)
      break
    case '--data':
      if (!value || value.startsWith('--')) {
        throw new TypeError(`--data wants a folder, not ${value || 'nothing'}`)
      }
      options.data = value
      break
    case '--lan':
      if (value !== undefined && !isIPv4(value)) {
        throw new TypeError(
          `--lan wants an IPv4 address of this computer, not ${value || 'nothing'}`,
        )
      }
      options.lan = value ?? true
      break
    case '--help':
      if (value !== undefined) throw new TypeError('--help takes no value')
      options.help = true
      break
    default:
      throw new TypeError(`unknown option ${name}`)
  }
}

function port(name: string, value: string | undefined): number {
  const number = /^\d{1,5}$/.test(value ?? '') ? Number(value) : Number.NaN
  if (number <= 65535) return number
  throw new TypeError(`${name} wants a port from 0 to 65535, not ${value || 'nothing'}`)
}
