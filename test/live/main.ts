/**
 * `npm run test:live`: tries the project with the account of the environment (or of server/.env)
 * against the real COS and STS, and the same against a local cloud; then tells where they differ.
 * It writes below `users/<id>/` of the bucket, with an id of its own, and removes all of it.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import { checkAccount } from '../../server/check-account'
import type { Config } from '../../server/config'
import { tempDir } from '../helpers/temp-dir'
import { readAccount } from './account'
import { differences, differenceTable } from './differences'
import { STEPS } from './steps'
import { startTarget, type Exchange } from './target'

const OPENID = `live-${randomBytes(8).toString('hex')}`
/** One for both, so that both have the same keys. */
const USER_ID_SECRET = randomBytes(32).toString('hex')

/** Ctrl-C ends the tests after the current step, so that what they wrote is removed. */
let interrupted = false
process.once('SIGINT', () => (interrupted = true))

main().catch((error: Error) => {
  print(error.message)
  process.exitCode = 1
})

async function main(): Promise<void> {
  const envFile = join(__dirname, '../../server/.env')
  if (existsSync(envFile)) process.loadEnvFile(envFile)
  const { TENCENT_SECRET_ID, COS_BUCKET } = process.env
  if (!TENCENT_SECRET_ID && !COS_BUCKET) {
    print(
      'skipped: no account. Set TENCENT_SECRET_ID, TENCENT_SECRET_KEY, COS_BUCKET and COS_REGION here or in server/.env',
    )
    return
  }
  const config = readAccount({ ...process.env, USER_ID_SECRET })
  print(`${config.bucket} in ${config.region}, at ${config.domain}`)
  if (!(await checkAccount({ ...config, weChat: undefined }, print))) {
    throw new Error('The account is not ready: see above')
  }
  const real = await runSteps('real', config)
  process.exitCode = 1
  if (interrupted) return
  const local = await runLocally(config)
  tellDifferences(real.exchanges, local.exchanges)
  if (real.isWell && local.isWell) process.exitCode = 0
}

/** The same in a local cloud that has a bucket of the same name, and its own key. */
async function runLocally({ bucket, region }: Config) {
  const data = tempDir()
  const cloud = createLocalCloud({ data: data.path, port: 0, bucket, region })
  const { url } = await cloud.start()
  try {
    const env = { STS_ENDPOINT: url, COS_BUCKET: bucket, COS_REGION: region, USER_ID_SECRET }
    return await runSteps('local', readAccount(env))
  } finally {
    await cloud.stop()
    data.remove()
  }
}

async function runSteps(
  name: 'real' | 'local',
  config: Config,
): Promise<{ isWell: boolean; exchanges: Exchange[] }> {
  const target = await startTarget(config, OPENID)
  let isWell = true
  for (const step of STEPS) {
    if (interrupted) break
    target.begin(step.name)
    try {
      await step.run(target)
      print(`${name.padEnd(5)}  ok    ${step.name}`)
    } catch (error) {
      isWell = false
      print(`${name.padEnd(5)}  FAIL  ${step.name}: ${messageOf(error)}`)
    }
  }
  for (const rest of await target.end()) {
    isWell = false
    print(`${name.padEnd(5)}  LEFT  ${rest}: remove it by hand`)
  }
  return { isWell, exchanges: target.exchanges }
}

function tellDifferences(real: Exchange[], local: Exchange[]): void {
  const found = differences(real, local)
  print(`\n${real.length} requests to the real COS, ${local.length} to the local one`)
  print(found.length === 0 ? 'no difference' : differenceTable(found))
}

/** With the cause: `fetch failed` alone tells nothing. */
function messageOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message} (${cause.message})` : message
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
