import { build } from 'esbuild'
import path from 'node:path'
import { expect } from '@jest/globals'
import type { Page } from 'playwright-core'
import { KEY, MB, nodeSdk, PLACE, type Client } from './node-clients'

/** Gives a page both clients, behind the functions of page.js. */
export async function addClients(page: Page): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [path.join(__dirname, 'page.js')],
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  await page.addScriptTag({ content: outputFiles[0]?.text })
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
  const options = { ...KEY, Domain: host, Protocol: 'http:' }
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
  const object = { ...PLACE, Key: '浏览器/a b.txt' }
  return {
    name: 'cos-js-sdk-v5',
    calls: {
      putObject: () => call('putObject', { ...object, Body: 'the content' }),
      headObject: () => call('headObject', object),
      getObject: async () => expect((await call('getObject', object)).Body).toBe('the content'),
      getBucket: () => call('getBucket', { ...PLACE, Prefix: '浏览器/' }),
      uploadFile: async () => {
        const file = { ...PLACE, Key: 'browser.bin' }
        await call('uploadFile', { ...file, SliceSize: MB, ChunkSize: MB }, 3 * MB)
        const { headers } = await nodeSdk(host).headObject(file)
        expect(headers?.['content-length']).toBe(String(3 * MB))
      },
      sliceUploadFile: () =>
        call('sliceUploadFile', { ...PLACE, Key: 'browser.bin', ChunkSize: MB }, 3 * MB),
      deleteObject: () => call('deleteObject', object),
      deleteMultipleObject: () =>
        call('deleteMultipleObject', { ...PLACE, Objects: [{ Key: 'browser.bin' }] }),
    },
  }
}

/** Uppy with signed URLs: what its plugin asks of a server is asked of this process. */
export async function uppyClient(page: Page, host: string): Promise<Client> {
  const cos = nodeSdk(host)
  await page.exposeFunction('presignPut', (Key: string, Query = {}) =>
    cos.getObjectUrl({ ...PLACE, Key, Query, Method: 'PUT', Sign: true }, () => {}),
  )
  await page.exposeFunction('createUpload', async (Key: string) => {
    const { UploadId } = await cos.multipartInit({ ...PLACE, Key })
    return { key: Key, uploadId: UploadId }
  })
  await page.exposeFunction(
    'completeUpload',
    async (Key: string, UploadId: string, parts: { PartNumber: number; ETag: string }[]) => {
      const Parts = parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }))
      const { Location } = await cos.multipartComplete({ ...PLACE, Key, UploadId, Parts })
      return { location: Location }
    },
  )
  const upload = async (key: string, size: number) => {
    const failures = await page.evaluate((file) => window.uploadWithUppy(file), {
      key,
      size,
    })
    if (failures.length > 0) throw new Error(failures.join())
    const { headers } = await cos.headObject({ ...PLACE, Key: key })
    expect(headers?.['content-length']).toBe(String(size))
  }
  return {
    name: '@uppy/aws-s3',
    calls: {
      'one PUT': () => upload('uppy.txt', 1000),
      'upload in parts': () => upload('uppy.bin', 11 * MB),
    },
  }
}
