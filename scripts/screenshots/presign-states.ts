import { presignedUrl } from '../../miniprogram/cos/index'
import type { ScreenshotPhone, States } from './phone'

/** The package `presign`: the samples of the manual page, the playground, the inspector. */
export const PRESIGN_STATES: States = {
  'manual-page': (phone) => phone.open('manual-page'),
  'manual-page-signed': (phone) => run(phone, 'get-authorization'),
  'manual-page-uploaded': (phone) => run(phone, 'upload-1-put-object'),
  'manual-page-downloaded': (phone) => run(phone, 'download-5-download'),
  'manual-page-refused': async (phone) => {
    await phone.order({ kind: '403' })
    await run(phone, 'upload-1-put-object')
  },
  presign: signed,
  'presign-by-server': async (phone) => {
    await phone.open('setup?section=source')
    await phone.page.locator('wx-label').nth(1).tap()
    await phone.seen(phone.t.sources['server-signed'].title)
    await signed(phone)
    await phone.show(phone.part('result'))
  },
  'presign-large-letters': async (phone) => {
    await signed(phone)
    await phone.enlarge()
  },
  'presign-url': async (phone) => {
    await signed(phone)
    await phone.show(phone.part('result'))
  },
  'presign-steps': async (phone) => {
    await signed(phone)
    await phone.show(phone.part('step-part'))
  },
  'presign-all-fields': async (phone) => {
    await signed(phone)
    await phone.part('fold').tap()
    await phone.seen(phone.t.playground.address)
    await phone.page.getByText(phone.t.playground.address).tap()
    await phone.show(phone.part('fold'))
  },
  'presign-key-refused': async (phone) => {
    await signed(phone)
    await phone.type('a/../b')
    await phone.part('problem').waitFor()
    await phone.show(phone.component('key-field'))
  },
  'presign-tried': async (phone) => {
    await signed(phone)
    await phone.part('send').tap()
    await phone.part('answer-title').waitFor()
    await phone.show(phone.part('answer-title'))
  },
  'presign-mismatch': async (phone) => {
    await mismatch(phone)
    await phone.show(phone.component('diff-lines'))
  },
  'presign-inspector-empty': async (phone) => {
    await phone.open('presign?tab=inspector')
    await phone.seen(phone.t.inspector.signature)
  },
  'presign-inspector-url': (phone) => inspect(phone, 900),
  'presign-inspector-suspicious': async (phone) => {
    await inspect(phone, 3 * 86_400)
    await phone.show(phone.part('suspicion'))
  },
  'presign-inspector-details': async (phone) => {
    await inspect(phone, 900)
    await phone.show(phone.part('facts'))
  },
  'presign-inspector-comparison': async (phone) => {
    await mismatch(phone)
    await phone.tap(phone.t.playground.toInspector)
    await phone.seen(phone.t.inspector.comparison)
    await phone.show(phone.part('diff'))
  },
}

/** Runs a sample of the manual page and shows what came out. */
async function run(phone: ScreenshotPhone, sample: string): Promise<void> {
  await phone.open('manual-page')
  await phone.part(sample).locator('wx-button[type=primary]').tap()
  await phone.part('outcome').waitFor()
  await phone.show(phone.part('outcome'))
}

async function signed(phone: ScreenshotPhone): Promise<void> {
  await phone.open('presign')
  await phone.part('copies').waitFor()
}

/** Sends another header than the one that was signed. */
async function mismatch(phone: ScreenshotPhone): Promise<void> {
  await signed(phone)
  await phone.part('methods').getByText('PUT').tap()
  await phone.part('fold').tap()
  await phone.page.locator('textarea:visible').nth(1).fill('Content-Type: image/png')
  await phone.part('sent').locator('textarea').fill('Content-Type: image/jpeg')
  await phone.part('send').tap()
  await phone.component('diff-lines').waitFor()
}

async function inspect(phone: ScreenshotPhone, Expires: number): Promise<void> {
  const key = { SecretId: `AKID${'0'.repeat(32)}`, SecretKey: 'secret' }
  const place = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing', Key: '头像.png' }
  const url = presignedUrl(key, { ...place, Protocol: 'https:', Expires })
  await phone.open(`presign?url=${encodeURIComponent(url)}`)
  await phone.part('remaining').waitFor()
}
