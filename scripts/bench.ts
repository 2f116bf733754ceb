import { cpus } from 'node:os'
import { benchSigning } from './bench/signing'
import { version as node } from 'cos-nodejs-sdk-v5/package.json'
import { version as wx } from 'cos-wx-sdk-v5/package.json'

/** Ratios of one run on one machine; nothing is written. */
const print = (line: string) => console.log(line)

const [cpu] = cpus()
print(`${cpu?.model.trim()}, ${cpus().length} cores, Node ${process.version}, ${process.platform}`)
print(`cos-wx-sdk-v5 ${wx}, cos-nodejs-sdk-v5 ${node}\n`)
benchSigning(print)
