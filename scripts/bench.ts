import { cpus } from 'node:os'
import { version as nodeSdk } from 'cos-nodejs-sdk-v5/package.json'
import { version as wxSdk } from 'cos-wx-sdk-v5/package.json'
import { benchLocalCloud } from './bench/local-cloud'
import { benchMultipart } from './bench/multipart'
import { benchServer } from './bench/server'
import { benchSigning } from './bench/signing'

/** Ratios of one run on one machine. Nothing is written but to temporary folders. */
async function main(): Promise<void> {
  const [cpu] = cpus()
  console.log(
    `${cpu?.model.trim()}, ${cpus().length} cores, Node ${process.version}, ${process.platform}`,
  )
  console.log(`cos-wx-sdk-v5 ${wxSdk}, cos-nodejs-sdk-v5 ${nodeSdk}\n`)
  await benchSigning()
  console.log(
    '\nlocal cloud: share of the speed of a bare node:http server (median; goal in brackets)',
  )
  await benchLocalCloud()
  console.log('\nserver: share of the speed of a bare Fastify route that verifies the session')
  await benchServer()
  console.log('\ntransfers: through the wx of the tests, in Node')
  await benchMultipart()
}

void main()
