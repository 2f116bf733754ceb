import { presignedUrl } from '../../miniprogram/cos/index'
import type { Phone } from './phone'
import type { State } from './state'

/** The page `presign`: the playground, then the inspector. */
export const PRESIGN_STATES: State[] = [
  { name: 'presign', act: signed },
  {
    name: 'presign-by-server',
    async act(phone) {
      await phone.open('setup?section=source')
      await phone.page.locator('wx-label').nth(1).tap()
      await phone.seen(phone.t.sources['server-signed'].title)
      await signed(phone)
      await phone.show(phone.part('result'))
    },
  },
  {
    name: 'presign-large-letters',
    async act(phone) {
      await signed(phone)
      await phone.enlarge()
    },
  },
  {
    name: 'presign-url',
    async act(phone) {
      await signed(phone)
      await phone.show(phone.part('result'))
    },
  },
  {
    name: 'presign-steps',
    async act(phone) {
      await signed(phone)
      await phone.show(phone.part('step-part'))
    },
  },
  {
    name: 'presign-all-fields',
    async act(phone) {
      await signed(phone)
      await phone.part('fold').tap()
      await phone.seen(phone.t.playground.address)
      await phone.page.getByText(phone.t.playground.address).tap()
      await phone.show(phone.part('fold'))
    },
  },
  {
    name: 'presign-key-refused',
    async act(phone) {
      await signed(phone)
      await phone.type('a/../b')
      await phone.part('problem').waitFor()
      await phone.show(phone.component('key-field'))
    },
  },
  {
    name: 'presign-tried',
    async act(phone) {
      await signed(phone)
      await phone.part('send').tap()
      await phone.part('answer-title').waitFor()
      await phone.show(phone.part('answer-title'))
    },
  },
  {
    name: 'presign-mismatch',
    async act(phone) {
      await mismatch(phone)
      await phone.show(phone.component('diff-lines'))
    },
  },
  {
    name: 'presign-inspector-empty',
    async act(phone) {
      await phone.open('presign?tab=inspector')
      await phone.seen(phone.t.inspector.signature)
    },
  },
  { name: 'presign-inspector-url', act: (phone) => inspect(phone, 900) },
  {
    name: 'presign-inspector-suspicious',
    async act(phone) {
      await inspect(phone, 3 * 86_400)
      await phone.show(phone.part('suspicion'))
    },
  },
  {
    name: 'presign-inspector-details',
    async act(phone) {
      await inspect(phone, 900)
      await phone.show(phone.part('facts'))
    },
  },
  {
    name: 'presign-inspector-comparison',
    async act(phone) {
      await mismatch(phone)
      await phone.tap(phone.t.playground.toInspector)
      await phone.seen(phone.t.inspector.comparison)
      await phone.show(phone.part('diff'))
    },
  },
]

async function signed(phone: Phone): Promise<void> {
  await phone.open('presign')
  await phone.part('copies').waitFor()
}

/** Sends another header than the one that was signed. */
async function mismatch(phone: Phone): Promise<void> {
  await signed(phone)
  await phone.part('methods').getByText('PUT').tap()
  await phone.part('fold').tap()
  await phone.page.locator('textarea:visible').nth(1).fill('Content-Type: image/png')
  await phone.part('sent').locator('textarea').fill('Content-Type: image/jpeg')
  await phone.part('send').tap()
  await phone.component('diff-lines').waitFor()
}

async function inspect(phone: Phone, Expires: number): Promise<void> {
  const key = { SecretId: `AKID${'0'.repeat(32)}`, SecretKey: 'secret' }
  const place = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing', Key: '头像.png' }
  const url = presignedUrl(key, { ...place, Protocol: 'https:', Expires })
  await phone.open(`presign?url=${encodeURIComponent(url)}`)
  await phone.part('left').waitFor()
}
