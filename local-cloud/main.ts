import { parseArgs } from 'node:util'
import { createLocalCloud } from './local-cloud'

const HELP = `COS and STS for development, speaking the real protocols.

  npm run local-cloud -- [options]

  --port NUMBER      LOCAL_CLOUD_PORT        default 9000; 0 takes any free port
  --host NAME        LOCAL_CLOUD_HOST        default 127.0.0.1
  --data DIR         LOCAL_CLOUD_DATA        default .data
  --bucket NAME      LOCAL_CLOUD_BUCKET      default examplebucket-1250000000
  --region NAME      LOCAL_CLOUD_REGION      default ap-beijing
  --secret-id ID     LOCAL_CLOUD_SECRET_ID   default local-secret-id
  --secret-key KEY   LOCAL_CLOUD_SECRET_KEY  default local-secret-key
  --help
`

const SETTINGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  bucket: { type: 'string' },
  region: { type: 'string' },
  'secret-id': { type: 'string' },
  'secret-key': { type: 'string' },
} as const

type Settings = Partial<Record<keyof typeof SETTINGS, string>>

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...SETTINGS, help: { type: 'boolean' } } })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const settings: Settings = { ...fromEnvironment(), ...values }
  const cloud = createLocalCloud({
    data: settings.data ?? '.data',
    host: settings.host,
    port: settings.port === undefined ? undefined : readPort(settings.port),
    bucket: settings.bucket,
    region: settings.region,
    secretId: settings['secret-id'],
    secretKey: settings['secret-key'],
    log: console.log,
  })
  const { url } = await cloud.start()
  console.log(`local cloud ${url}/`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void cloud.stop())
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

function readPort(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}

/** One line that says what to change. */
function explain(error: NodeJS.ErrnoException & { port?: number }): string {
  if (error.code === 'EADDRINUSE') {
    return `port ${error.port} is in use: choose another one with --port`
  }
  if (error.syscall !== 'listen' && error.path !== undefined) {
    return `the data folder cannot be used: ${error.message}`
  }
  return error.message
}

main().catch((error: Error) => {
  console.error(`local cloud: ${explain(error).split('\n')[0]}`)
  process.exitCode = 1
})
