import { build } from 'esbuild'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { BUCKET, expectEqual, MB, PERMANENT_KEY, REGION, type Client } from './client'
import { nodeSdk } from './node-clients'

/**
 * Opens a page that has both clients, behind the functions of page.js. It needs a server of its own: a page
 * from nowhere may not send requests to this computer.
 *
 * @returns what ends that server
 */
export async function openClientsPage(page: Page): Promise<() => void> {
  const { outputFiles } = await build({
    entryPoints: [path.join(__dirname, 'page.js')],
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>clients</title>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.addScriptTag({ content: outputFiles[0]?.text })
  return () => {
    server.close()
    server.closeAllConnections()
  }
}

interface SdkResult {
  statusCode?: number
  Body?: string
  code?: string
  message?: string
}

declare const window: {
  callSdk(call: object): Promise<SdkResult>
  uploadWithUppy(file: object): Promise<string[]>
}

export function browserSdkClient(page: Page, host: string): Client {
  const options = { ...PERMANENT_KEY, Domain: host, Protocol: 'http:' }
  const call = async (name: string, parameters: object, size?: number) => {
    const result = await page.evaluate((one) => window.callSdk(one), {
      options,
      name,
      parameters,
      size,
    })
    if (result.statusCode === undefined || result.statusCode >= 300) throw result
    return result
  }
  const place = { Bucket: BUCKET, Region: REGION }
  const object = { ...place, Key: '浏览器/a b.txt' }
  return {
    name: 'cos-js-sdk-v5',
    calls: {
      putObject: () => call('putObject', { ...object, Body: 'the content' }),
      headObject: () => call('headObject', object),
      getObject: async () => expectEqual((await call('getObject', object)).Body, 'the content'),
      getBucket: () => call('getBucket', { ...place, Prefix: '浏览器/' }),
      uploadFile: async () => {
        const file = { ...place, Key: 'browser.bin' }
        await call('uploadFile', { ...file, SliceSize: MB, ChunkSize: MB }, 3 * MB)
        const { headers } = await nodeSdk(host).headObject(file)
        expectEqual(headers?.['content-length'], String(3 * MB))
      },
      sliceUploadFile: () =>
        call('sliceUploadFile', { ...place, Key: 'browser.bin', ChunkSize: MB }, 3 * MB),
      deleteObject: () => call('deleteObject', object),
      deleteMultipleObject: () =>
        call('deleteMultipleObject', { ...place, Objects: [{ Key: 'browser.bin' }] }),
    },
  }
}

/** Uppy with signed URLs: what its plugin asks of a server is asked of this process. */
export async function uppyClient(page: Page, host: string): Promise<Client> {
  const cos = nodeSdk(host)
  const place = { Bucket: BUCKET, Region: REGION }
  await page.exposeFunction('presignPut', (Key: string, Query = {}) =>
    cos.getObjectUrl({ ...place, Key, Query, Method: 'PUT', Sign: true }, () => {}),
  )
  await page.exposeFunction('createUpload', async (Key: string) => {
    const { UploadId } = await cos.multipartInit({ ...place, Key })
    return { key: Key, uploadId: UploadId }
  })
  await page.exposeFunction(
    'completeUpload',
    async (Key: string, UploadId: string, parts: { PartNumber: number; ETag: string }[]) => {
      const Parts = parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }))
      const { Location } = await cos.multipartComplete({ ...place, Key, UploadId, Parts })
      return { location: Location }
    },
  )
  const upload = async (key: string, size: number) => {
    const failures = await page.evaluate((file) => window.uploadWithUppy(file), {
      key,
      size,
    })
    if (failures.length > 0) throw new Error(failures.join())
    const { headers } = await cos.headObject({ ...place, Key: key })
    expectEqual(headers?.['content-length'], String(size))
  }
  return {
    name: '@uppy/aws-s3',
    calls: {
      'one PUT': () => upload('uppy.txt', 1000),
      'upload in parts': () => upload('uppy.bin', 11 * MB),
    },
  }
}
