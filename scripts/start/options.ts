import { parseArgs } from 'node:util'

export const HELP = `npm start -- [options]

Starts the preview, the server and the local cloud; Ctrl-C ends them.

  --preview-port PORT    the mini program in a browser (default 8080)
  --server-port PORT     the backend that gives temporary keys (default 3000)
  --cloud-port PORT      COS and STS on this computer (default 9000)
  --control-port PORT    the console of the local cloud (default 9001)
  --data DIR             where the local cloud keeps its objects (default .data/)
  --lan                  for a phone: listen on this computer's address on the local network, where
                         everybody can reach it; the console stays on this computer
  --lan-address ADDRESS  the same, on this of several addresses
  --help                 show this

PORT 0 takes any free port.`

const OPTIONS = {
  'preview-port': { type: 'string', default: '8080' },
  'server-port': { type: 'string', default: '3000' },
  'cloud-port': { type: 'string', default: '9000' },
  'control-port': { type: 'string', default: '9001' },
  data: { type: 'string', default: '.data' },
  lan: { type: 'boolean', default: false },
  'lan-address': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

export type StartOptions = ReturnType<typeof parseStartOptions>

/**
 * Reads the options of `npm start`.
 *
 * @param args What follows the script's name on the command line.
 * @throws TypeError that names the option and what it wants.
 */
export function parseStartOptions(args: string[]) {
  const { values } = parseArgs({ args, options: OPTIONS })
  const port = (name: 'preview-port' | 'server-port' | 'cloud-port' | 'control-port') => {
    const text = values[name]
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text)
    throw new TypeError(`--${name} wants a port from 0 to 65535, not ${text || 'nothing'}`)
  }
  return {
    /** Whether other devices reach it: false, true, or on which address of this computer. */
    lan: values['lan-address'] ?? values.lan,
    previewPort: port('preview-port'),
    serverPort: port('server-port'),
    cloudPort: port('cloud-port'),
    controlPort: port('control-port'),
    /** Folder of the local cloud's objects. */
    data: values.data,
    help: values.help,
  }
}
