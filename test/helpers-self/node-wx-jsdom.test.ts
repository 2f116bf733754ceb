/** @jest-environment jsdom */
import { TextDecoder } from 'node:util'
import { nodeWxCases } from './node-wx-cases'

Object.assign(globalThis, { TextDecoder }) // jsdom has none, and the form parser wants it

nodeWxCases()
