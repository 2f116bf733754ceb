import { fill } from '../../miniprogram/i18n/index'
import type { PhoneFile } from '../../test/helpers/phone'
import type { ScreenshotPhone, States } from './phone'
import { PRESIGN_STATES } from './presign-states'

const KB = 1024
const MB = 1024 * KB

/** What WeChat says where the privacy guideline was refused, or does not name the function. */
const REFUSALS = {
  refused: 'privacy permission is not authorized',
  undeclared: 'api scope is not declared in the privacy agreement',
}

/** Every page of the mini program in every state that a person can see. */
export const STATES: States = {
  index: async (phone) => {
    await phone.open('index')
    await phone.seen(phone.t.index.clockExact)
  },
  'index-failed': async (phone) => {
    await phone.page.route('**/config', (route) => route.abort())
    await phone.open('index')
    await phone.seen(phone.t.failures.SERVER_UNREACHABLE.title)
  },
  'index-large-letters': async (phone) => {
    await phone.open('index')
    await phone.seen(phone.t.index.clockExact)
    await phone.enlarge()
  },
  drill: async (phone) => {
    await phone.open('drill')
    await phone.seen(phone.t.steps.upload)
  },
  'drill-failed': async (phone) => {
    await phone.open('drill')
    await phone.start()
    await phone.seen(phone.t.failures.URL_EXPIRED.title)
    await phone.show(phone.component('failure-panel'))
  },
  ...uploadStates('put-object', 3 * MB),
  'put-object-photo': async (phone) => {
    await open(phone, 'put-object')
    await phone.choose([await phone.photo()], phone.t.file.media)
    await phone.seen(phone.t.file.photo)
  },
  ...refusedStates(),
  'put-object-too-large': async (phone) => {
    await ready(phone, 'put-object', 51 * MB)
    await phone.seen(fill(phone.t.file.tooLarge, { limit: '50 MB' }))
  },
  'put-object-changing': async (phone) => {
    await ready(phone, 'put-object', 3 * MB)
    await phone.tap(phone.t.file.change)
    await phone.seen(phone.t.file.keep)
  },
  'put-object-overwrite-asked': async (phone) => {
    await done(phone, 'put-object', 3 * MB)
    await phone.tap(phone.t.transfer.again)
    await phone.seen(phone.t.overwrite.title)
  },
  'put-object-signed': async (phone) => {
    await done(phone, 'put-object', 3 * MB)
    await phone.tap(phone.t.facts.details)
    await phone.tap(phone.t.signed.title)
    await phone.show(phone.component('signed-panel'))
  },
  'put-object-signing': async (phone) => {
    await ready(phone, 'put-object', 3 * MB)
    await phone.page.route('**/credentials', () => undefined) // never answers
    await phone.start()
    await phone.seen(phone.t.transfer.signing)
    await phone.show(phone.component('transfer-panel'))
  },
  'put-object-large-letters': async (phone) => {
    await ready(phone, 'put-object', 3 * MB)
    await phone.enlarge()
    await failedTransfer(phone)
  },
  ...uploadStates('post-object', 24 * MB),
  ...stalled('post-object', 3 * MB, 'POST', 11_000),
  'post-object-queue-ready': async (phone) => {
    await chooseMany(phone)
    await phone.show(phone.component('upload-row'))
  },
  'post-object-queue-transferring': async (phone) => {
    await chooseMany(phone)
    await phone.order({ kind: 'slow', delay: 0, rate: 300 * KB })
    await phone.start()
    await phone.until(({ rows }) =>
      (rows as { percent: number }[]).some(({ percent }) => percent > 50 && percent < 100),
    )
    await phone.show(phone.component('upload-row'))
  },
  'post-object-queue-failed': async (phone) => {
    await chooseMany(phone)
    await phone.order({ kind: '403' })
    await phone.start()
    await phone.seen(phone.t.queue.why)
    await phone.tap(phone.t.queue.why)
    await phone.show(phone.component('upload-row'))
  },
  'post-object-queue-done': async (phone) => {
    await chooseMany(phone)
    await phone.start()
    await phone.seen(phone.t.queue.again)
    await phone.show(phone.component('upload-row'))
  },
  'post-object-queue-large-letters': async (phone) => {
    await chooseMany(phone)
    await phone.enlarge()
    await phone.show(phone.component('upload-row'))
  },
  ...uploadStates('multipart-upload', 24 * MB),
  ...stalled('multipart-upload', 24 * MB, 'PUT', 120_000),
  'multipart-upload-retrying': async (phone) => {
    await ready(phone, 'multipart-upload', 24 * MB)
    await phone.order({ kind: '503', match: { method: 'PUT' } })
    await phone.start()
    // "1 of 5…" and （1/5）…
    await phone.until(({ phase, status }) => phase === 'stalled' && /5）?…/.test(String(status)))
    await phone.show(phone.component('transfer-panel'))
  },
  'multipart-upload-paused': async (phone) => {
    await transferring(phone, 'multipart-upload', 24 * MB)
    await phone.tap(phone.t.transfer.pause)
    await phone.seen(phone.t.transfer.resume)
    await phone.show(phone.component('transfer-panel'))
  },
  'multipart-upload-unfinished': async (phone) => {
    await transferring(phone, 'multipart-upload', 24 * MB)
    await phone.until((data) => Number(data['percent']) > 0)
    await phone.open('multipart-upload')
    await phone.seen(phone.t.multipartUpload.unfinished)
  },
  ...downloadStates(),
  ...PRESIGN_STATES,
  ...setupStates(),
  ...phoneStates(),
}

function uploadStates(page: string, bytes: number): States {
  return {
    [`${page}-empty`]: (phone) => open(phone, page),
    [`${page}-ready`]: (phone) => ready(phone, page, bytes),
    [`${page}-key-refused`]: async (phone) => {
      await ready(phone, page, bytes)
      await phone.type('a/../b')
      await phone.seen(phone.t.key.DOT_SEGMENT)
    },
    [`${page}-transferring`]: async (phone) => {
      await transferring(phone, page, bytes)
      await phone.show(phone.component('transfer-panel'))
    },
    [`${page}-done`]: async (phone) => {
      await done(phone, page, bytes)
      await phone.show(phone.part('done'))
    },
    [`${page}-failed`]: async (phone) => {
      await ready(phone, page, bytes)
      await failedTransfer(phone)
    },
    [`${page}-cancelled`]: async (phone) => {
      await transferring(phone, page, bytes)
      await phone.tap(phone.t.transfer.cancel)
      await phone.seen(phone.t.transfer.cancelled)
      await phone.show(phone.component('transfer-panel'))
    },
  }
}

/** @param patience Milliseconds without progress until the page calls it stalled. */
function stalled(page: string, bytes: number, method: string, patience: number): States {
  return {
    [`${page}-stalled`]: async (phone) => {
      await ready(phone, page, bytes)
      await phone.order({ kind: 'slow', delay: 30_000, match: { method } })
      await phone.page.clock.install()
      await phone.start()
      await phone.until((data) => data['phase'] === 'transferring' && data['status'] !== '')
      await phone.page.clock.fastForward(patience)
      await phone.until((data) => data['phase'] === 'stalled')
      await phone.show(phone.component('transfer-panel'))
    },
  }
}

function refusedStates(): States {
  const refused = async (phone: ScreenshotPhone, why: string) => {
    await open(phone, 'put-object')
    await phone.refuse({ chooseMedia: `chooseMedia:fail ${why}` })
    await phone.tap(phone.t.file.media)
    await phone.component('failure-panel').waitFor()
  }
  return {
    'put-object-privacy-refused': (phone) => refused(phone, REFUSALS.refused),
    'put-object-privacy-undeclared': (phone) => refused(phone, REFUSALS.undeclared),
    'put-object-copy-undeclared': async (phone) => {
      await open(phone, 'put-object')
      await phone.refuse({ setClipboardData: `setClipboardData:fail ${REFUSALS.undeclared}` })
      await phone.tap(phone.t.code.copy)
      await phone.seen(phone.t.copy.undeclared)
      await phone.show(phone.button(phone.t.code.copy))
    },
    'put-object-copy-refused': async (phone) => {
      await done(phone, 'put-object', 3 * MB)
      await phone.refuse({ setClipboardData: `setClipboardData:fail ${REFUSALS.refused}` })
      await phone.tap(phone.t.signed.title)
      await phone.tap(phone.t.signed.copy)
      await phone.seen(phone.t.copy.refused)
      await phone.show(phone.component('signed-panel'))
    },
  }
}

function downloadStates(): States {
  const uploaded = async (phone: ScreenshotPhone, file: PhoneFile) => {
    await open(phone, 'put-object')
    await phone.choose([file], phone.t.file.chat)
    await phone.start()
    await phone.seen(phone.t.transfer.done)
    await phone.tap(phone.t.transfer.toDownload)
    await phone.seen(phone.t.downloadObject.recent)
  }
  const downloaded = async (phone: ScreenshotPhone, file: PhoneFile) => {
    await uploaded(phone, file)
    await phone.start()
    await phone.seen(phone.t.transfer.downloaded)
    await phone.show(phone.part('done'))
  }
  const downloading = async (phone: ScreenshotPhone) => {
    await uploaded(phone, { ...fileOf(3 * MB), name: 'video.mp4' })
    await phone.order({ kind: 'slow', delay: 0, rate: 400 * KB, match: { method: 'GET' } })
    await phone.start()
    await phone.until((data) => Number(data['percent']) > 10)
    await phone.show(phone.component('transfer-panel'))
  }
  return {
    'download-object-empty': (phone) => open(phone, 'download-object'),
    'download-object-recent': async (phone) => {
      await uploaded(phone, await phone.photo())
    },
    'download-object-transferring': downloading,
    'download-object-image': async (phone) => {
      await downloaded(phone, await phone.photo())
    },
    'download-object-album-denied': async (phone) => {
      await downloaded(phone, await phone.photo())
      await phone.refuse({ saveImageToPhotosAlbum: 'saveImageToPhotosAlbum:fail auth deny' })
      await phone.tap(phone.t.downloadObject.album.save)
      await phone.seen(phone.t.downloadObject.album.denied)
    },
    'download-object-cancelled': async (phone) => {
      await downloading(phone)
      await phone.tap(phone.t.transfer.cancel)
      await phone.seen(phone.t.transfer.cancelled)
      await phone.show(phone.component('transfer-panel'))
    },
    'download-object-text': async (phone) => {
      const content = Buffer.from('预签名 URL：谁拿到它，谁就能在到期之前使用它。\n'.repeat(60))
      await downloaded(phone, { name: '说明.txt', content })
    },
    'download-object-document': async (phone) => {
      await downloaded(phone, { name: 'report.pdf', content: Buffer.from('%PDF-1.4') })
    },
    'download-object-failed': async (phone) => {
      await open(phone, 'download-object?key=none.png')
      await phone.start()
      await phone.seen(phone.t.failures.NO_SUCH_KEY.title)
      await phone.show(phone.component('failure-panel'))
    },
    'download-object-url': async (phone) => {
      const url = encodeURIComponent(`${phone.stack.cloud}/a.png?q-sign-algorithm=sha1`)
      await phone.open(`download-object?url=${url}`)
      await phone.seen(phone.t.downloadObject.given)
    },
  }
}

function setupStates(): States {
  const checked = async (phone: ScreenshotPhone) => {
    await phone.open('setup')
    await phone.seen(phone.t.setup.checks.allFine)
  }
  const checkedAgain = async (phone: ScreenshotPhone, summary: string) => {
    await phone.tap(phone.t.setup.checks.again)
    await phone.page.getByText(summary).waitFor()
    await phone.show(phone.part('foot'))
  }
  const failed = async (phone: ScreenshotPhone, requests: string) => {
    await checked(phone)
    await phone.page.route(requests, (route) => route.abort())
    await checkedAgain(phone, fill(phone.t.setup.checks.failed, { count: 1 }))
  }
  const section = async (phone: ScreenshotPhone, name: string) => {
    await phone.open(`setup?section=${name}`)
    await phone.seen(phone.t.setup.checks.allFine)
    await phone.show(phone.page.locator(`[id$="--${name}"]`))
  }
  return {
    setup: checked,
    'setup-large-letters': async (phone) => {
      await checked(phone)
      await phone.enlarge()
    },
    'setup-no-server': async (phone) => {
      await phone.page.route(`${phone.stack.server}/**`, (route) => route.abort())
      await phone.open('setup')
      await phone.seen(phone.t.failures.SERVER_UNREACHABLE.why)
    },
    'setup-key-failed': (phone) => failed(phone, '**/credentials'),
    'setup-cos-failed': (phone) => failed(phone, '**/setup-check-*'),
    'setup-warnings': async (phone) => {
      await checked(phone)
      await phone.page.evaluate(OLD_PHONE)
      await checkedAgain(phone, fill(phone.t.setup.checks.warnings, { count: 2 }))
    },
    'setup-address-refused': async (phone) => {
      await phone.open('setup?section=server')
      await phone.type('http://127.0.0.1:9')
      await phone.tap(phone.t.setup.server.use)
      await phone.seen(phone.t.setup.server.kept)
      await phone.show(phone.component('failure-panel'))
    },
    'setup-server': (phone) => section(phone, 'server'),
    'setup-source': (phone) => section(phone, 'source'),
    'setup-domains': (phone) => section(phone, 'domains'),
    'setup-language': (phone) => section(phone, 'language'),
    'setup-reset': (phone) => section(phone, 'reset'),
    'setup-reset-asked': async (phone) => {
      await phone.open('setup?section=reset')
      await phone.seen(phone.t.setup.checks.allFine)
      await phone.tap(phone.t.setup.reset.title)
      await phone.seen(phone.t.setup.reset.confirm)
      await phone.show(phone.button(phone.t.setup.reset.confirm))
    },
    'setup-permanent-key-missing': async (phone) => {
      await markPermanentKey(phone)
      await phone.tap(phone.t.setup.use)
      await phone.seen(phone.t.setup.missing)
      await phone.show(phone.page.getByText(phone.t.setup.warning))
    },
    'setup-permanent-key-refused': async (phone) => {
      await fillPermanentKey(phone)
      await phone.page.locator('input[aria-label=Region]').fill('Guangzhou')
      await phone.tap(phone.t.setup.use)
      await phone.show(phone.part('problem'))
    },
    'setup-permanent-key': async (phone) => {
      await fillPermanentKey(phone)
      await phone.tap(phone.t.setup.use)
      await phone.component('failure-panel').waitFor() // the checks do not know this key
      await phone.show(phone.page.getByText(phone.t.setup.warning))
    },
  }
}

function phoneStates(): States {
  const checked = async (phone: ScreenshotPhone) => {
    await phone.open('phone')
    await phone.tap(phone.t.phone.start.quick)
    await phone.seen(phone.t.phone.copy, 60_000)
  }
  return {
    phone: async (phone) => {
      await phone.open('phone')
      await phone.seen(phone.t.phone.start.quick)
    },
    'phone-done': checked,
    'phone-done-differences': async (phone) => {
      await checked(phone)
      await phone.show(phone.part('responses'))
    },
    'phone-no-server': async (phone) => {
      await phone.page.route(`${phone.stack.server}/**`, (route) => route.abort())
      await checked(phone)
      await phone.show(phone.part('transfers'))
    },
  }
}

/** Runs in the page: a clock that is ten minutes fast, and a base library of long ago. */
const OLD_PHONE = `{
  const { now } = Date
  Date.now = () => now() + 600_000
  const info = wx.getAppBaseInfo()
  wx.getAppBaseInfo = () => ({ ...info, SDKVersion: '2.30.0' })
  wx.getPrivacySetting = undefined
}`

async function markPermanentKey(phone: ScreenshotPhone): Promise<void> {
  await phone.open('setup?section=source')
  await phone.seen(phone.t.setup.checks.allFine)
  await phone.page.locator('wx-label').nth(2).tap()
  await phone.seen(phone.t.setup.warning)
}

async function fillPermanentKey(phone: ScreenshotPhone): Promise<void> {
  await markPermanentKey(phone)
  await phone.page.locator('input[aria-label=SecretId]').fill('AKIDexample')
  await phone.page.locator('input[aria-label=SecretKey]').fill('example')
}

async function open(phone: ScreenshotPhone, page: string): Promise<void> {
  await phone.open(page)
  await phone.until((data) => data['prefix'] !== '')
}

async function ready(phone: ScreenshotPhone, page: string, bytes: number): Promise<void> {
  await open(phone, page)
  await phone.choose([fileOf(bytes)], phone.t.file.chat)
}

async function transferring(phone: ScreenshotPhone, page: string, bytes: number): Promise<void> {
  await ready(phone, page, bytes)
  await phone.order({ kind: 'slow', delay: 0, rate: Math.round(bytes / 10) })
  await phone.start()
  // PUT tells no progress.
  await phone.until(({ phase, status, percent }) =>
    percent === -1 ? phase === 'transferring' && status !== '' : Number(percent) >= 20,
  )
}

async function done(phone: ScreenshotPhone, page: string, bytes: number): Promise<void> {
  await ready(phone, page, bytes)
  await phone.start()
  await phone.seen(phone.t.transfer.done)
}

/** Starts a transfer that COS refuses. */
async function failedTransfer(phone: ScreenshotPhone): Promise<void> {
  await phone.order({ kind: 'expired' })
  await phone.start()
  await phone.seen(phone.t.failures.URL_EXPIRED.title)
  await phone.show(phone.component('failure-panel'))
}

async function chooseMany(phone: ScreenshotPhone): Promise<void> {
  await open(phone, 'post-object')
  const photo = await phone.photo()
  await phone.choose(
    [
      photo,
      { ...fileOf(2 * MB), name: '会议纪要.docx' },
      { ...fileOf(5 * MB), name: 'a-very-long-name-without-a-break-0123456789.pdf' },
      { ...photo, name: 'IMG_2042.png' },
    ],
    phone.t.file.chat,
  )
}

function fileOf(bytes: number): PhoneFile {
  return { name: 'IMG_0420.mov', content: Buffer.alloc(bytes, 7) }
}
