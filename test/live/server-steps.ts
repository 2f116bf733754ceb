import type { SignedForm, SignedRequest } from '../../miniprogram/cos/index'
import type { CredentialsRequest, TemporaryCredentials } from '../../miniprogram/signing/server-api'
import type { SigningKey } from '../../server/signing-key'
import { expectAnswer, expectBytes, expectEqual, expectRefusal } from './expect-answer'
import type { Step } from './step'
import { sign, type Target } from './target'

/** What our server gives, as an app uses it. */
export const serverSteps: Step[] = [
  { name: 'temporary keys of /credentials', run: temporaryKeys },
  { name: 'requests signed by /presign', run: presign },
  { name: 'a form of /post-form', run: postForm },
  { name: 'a form that was changed is refused', run: changedForms },
]

/** A key of `POST /credentials`, as the signer takes it. */
export async function temporaryKey(
  target: Target,
  purpose: CredentialsRequest['purpose'],
): Promise<SigningKey> {
  const answer = await target.ask<TemporaryCredentials>('/credentials', { purpose })
  return {
    SecretId: answer.credentials.tmpSecretId,
    SecretKey: answer.credentials.tmpSecretKey,
    SecurityToken: answer.credentials.sessionToken,
    StartTime: answer.startTime,
    ExpiredTime: answer.expiredTime,
    Bucket: answer.bucket,
    Region: answer.region,
    Protocol: answer.protocol,
    Domain: answer.host,
    Clock: Date.now,
  }
}

async function temporaryKeys(target: Target): Promise<void> {
  const key = target.key('temporary key.txt')
  const content = Buffer.from('by a temporary key')
  const headers = { 'Content-Type': 'text/plain' }
  const upload = await temporaryKey(target, 'upload')
  const put = await sign(upload, { method: 'PUT', key, headers })
  expectAnswer('PUT', await target.send('PUT', put, content), 200)

  const download = await temporaryKey(target, 'download')
  const head = await sign(download, { method: 'HEAD', key })
  expectAnswer('HEAD', await target.send('HEAD', head), 200)
  const get = await target.send('GET', await sign(download, { method: 'GET', key }))
  expectAnswer('GET', get, 200)
  expectBytes('GET', get.body, content)
}

async function presign(target: Target): Promise<void> {
  const key = target.key('presigned 照片.txt')
  const content = Buffer.from('by a presigned URL')
  const headers = { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache' }
  const signed = (method: string, more: object = {}) =>
    target.ask<SignedRequest>('/presign', { method, key, ...more })

  expectAnswer('PUT', await target.send('PUT', await signed('PUT', { headers }), content), 200)
  expectAnswer('HEAD', await target.send('HEAD', await signed('HEAD')), 200)
  const get = await target.send('GET', await signed('GET'))
  expectAnswer('GET', get, 200)
  expectBytes('GET', get.body, content)
}

const FORM_CONTENT = Buffer.from('by a form')

async function postForm(target: Target): Promise<void> {
  const key = target.key('form 照片 (1).txt')
  const form = await target.ask<SignedForm>('/post-form', { key, contentType: 'text/plain' })
  expectAnswer('POST', await sendForm(target, 'POST', form, FORM_CONTENT), 204)

  const download = await temporaryKey(target, 'download')
  const get = await target.send('GET', await sign(download, { method: 'GET', key }))
  expectAnswer('GET', get, 200)
  expectBytes('GET', get.body, FORM_CONTENT)
  expectEqual('Content-Type', get.headers.get('content-type'), 'text/plain')

  const toObject = { ...form, url: new URL(`/${encodeURI(key)}`, form.url).href }
  const there = await sendForm(target, 'POST to the URL of the object', toObject, FORM_CONTENT)
  expectAnswer('POST to the URL of the object', there, 204)
}

async function changedForms(target: Target): Promise<void> {
  const key = target.key('changed form.txt')
  const request = { key, contentType: 'text/plain', maxBytes: 16 }
  const form = await target.ask<SignedForm>('/post-form', request)
  const changed = (fields: Record<string, string>) => ({
    ...form,
    fields: { ...form.fields, ...fields },
  })
  const forms = {
    'with another key': changed({ key: target.key('other.txt') }),
    'with another type': changed({ 'Content-Type': 'text/html' }),
    'with an ACL': changed({ acl: 'public-read' }),
    'with another policy': changed({ policy: changedPolicy(form.fields.policy ?? '') }),
  }
  for (const [what, wrong] of Object.entries(forms)) {
    const answer = await sendForm(target, `POST ${what}`, wrong, FORM_CONTENT)
    expectAnswer(`POST ${what}`, answer, 403)
  }
  const large = await sendForm(target, 'POST of too much', form, Buffer.alloc(17))
  expectRefusal('POST of too much', large)
}

/** Allows a thousand times as much. */
function changedPolicy(policy: string): string {
  const json = Buffer.from(policy, 'base64').toString().replace(',16]', ',16000]')
  return Buffer.from(json).toString('base64')
}

/** Sends a form with a file. */
export function sendForm(
  target: Target,
  what: string,
  { url, fields }: SignedForm,
  content: Buffer,
) {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  body.append('file', new Blob([new Uint8Array(content)]), 'file')
  return target.send(what, { url, method: 'POST' }, body)
}
