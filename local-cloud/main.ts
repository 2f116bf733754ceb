import { parseArgs } from 'node:util'
import { FAULT_KINDS, parseFaultOrder } from './control/faults'
import { createLocalCloud } from './local-cloud'

const HELP = `COS and STS for development, speaking the real protocols.

  npm run local-cloud -- [options]

  --port NUMBER          LOCAL_CLOUD_PORT          default 9000; 0 takes any free port
  --control-port NUMBER  LOCAL_CLOUD_CONTROL_PORT  default 9001: the console, on 127.0.0.1 only
  --host NAME            LOCAL_CLOUD_HOST          default 127.0.0.1
  --data DIR             LOCAL_CLOUD_DATA          default .data
  --bucket NAME          LOCAL_CLOUD_BUCKET        default examplebucket-1250000000
  --buckets NAMES        LOCAL_CLOUD_BUCKETS       more of the same appid: b-125,c-125
  --region NAME          LOCAL_CLOUD_REGION        default ap-beijing
  --secret-id ID         LOCAL_CLOUD_SECRET_ID     default local-secret-id
  --secret-key KEY       LOCAL_CLOUD_SECRET_KEY    default local-secret-key
  --fault ORDER          LOCAL_CLOUD_FAULT         default none
  --help

ORDER is one of ${FAULT_KINDS.join(', ')},
for the next request; or with settings: slow,times=3,delay=500,method=PUT,path=/users/
or for a share of all requests: 503,share=0.1,seed=7
`

const SETTINGS = {
  port: { type: 'string' },
  'control-port': { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  bucket: { type: 'string' },
  buckets: { type: 'string' },
  region: { type: 'string' },
  'secret-id': { type: 'string' },
  'secret-key': { type: 'string' },
  fault: { type: 'string' },
} as const

type Settings = Partial<Record<keyof typeof SETTINGS, string>>

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...SETTINGS, help: { type: 'boolean' } } })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const settings: Settings = { ...fromEnvironment(), ...values }
  checkExposure(settings)
  const controlPort = readPort('control-port', settings['control-port'] ?? '9001')
  const cloud = createLocalCloud({
    data: settings.data ?? '.data',
    host: settings.host,
    port: settings.port === undefined ? undefined : readPort('port', settings.port),
    controlPort,
    fault: settings.fault === undefined ? undefined : parseFaultOrder(settings.fault),
    bucket: settings.bucket,
    buckets: settings.buckets?.split(','),
    region: settings.region,
    secretId: settings['secret-id'],
    secretKey: settings['secret-key'],
    log: console.log,
  })
  const { url, controlUrl } = await cloud.start().catch((error: Error) => {
    throw new Error(explain(error, controlPort), { cause: error })
  })
  console.log(`local cloud ${url}/\nconsole ${controlUrl}/`)
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // npm passes on the Ctrl+C that the terminal has sent, too.
      if (!isStopping) void cloud.stop()
      isStopping = true
    })
  }
}

/** `LOCAL_CLOUD_SECRET_ID` for `secret-id`; an empty variable counts as none. */
function fromEnvironment(): Settings {
  const variable = (name: string) => `LOCAL_CLOUD_${name.toUpperCase().replaceAll('-', '_')}`
  return Object.fromEntries(
    Object.keys(SETTINGS).flatMap((name) => {
      const value = process.env[variable(name)]
      return value ? [[name, value]] : []
    }),
  )
}

function readPort(name: keyof Settings, text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new TypeError(`--${name} must be a number from 0 to 65535`)
}

/** Everybody knows the default key. */
function checkExposure({ host = '127.0.0.1', 'secret-key': secretKey }: Settings): void {
  const isLoopback = /^(localhost|127(\.\d+){3}|::1)$/i.test(host)
  if (!isLoopback && (secretKey === undefined || secretKey === 'local-secret-key')) {
    throw new TypeError(`--host ${host} lets others in: set a --secret-key of your own with it`)
  }
}

/** One line that says what to change. */
function explain(error: NodeJS.ErrnoException & { port?: number }, controlPort: number): string {
  if (error.code === 'EADDRINUSE') {
    const option = error.port === controlPort ? '--control-port' : '--port'
    return `port ${error.port} is in use: choose another one with ${option}`
  }
  if (error.syscall !== 'listen' && error.path !== undefined) {
    return `the data folder cannot be used: ${error.message}`
  }
  return error.message
}

main().catch((error: Error) => {
  console.error(`local cloud: ${error.message.split('\n')[0]}`)
  process.exitCode = 1
})
