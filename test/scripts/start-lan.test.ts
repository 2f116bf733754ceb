import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { NetworkInterfaceInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { encode } from 'uqr'
import COS from '../../miniprogram/cos/index'
import { chooseLanAddress, lanAddresses, lanNotice } from '../../scripts/start/lan'
import { closeBrowser, openPreview } from '../helpers/browser'
import { addresses, FREE_PORTS, runStart, type Run } from '../helpers/npm-start'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'

describe('the address of this computer', () => {
  const interfaces = {
    lo: [ipv4('127.0.0.1', { internal: true })],
    docker0: [ipv4('172.17.0.1')],
    utun4: [ipv4('10.8.0.2')],
    en0: [ipv6('fe80::1'), ipv4('192.168.1.5')],
    en5: [ipv4('203.0.113.7')],
  }

  test('is a private one, rather of a real interface than of a virtual one', () => {
    expect(lanAddresses(interfaces)).toEqual([
      { address: '192.168.1.5', name: 'en0' },
      { address: '172.17.0.1', name: 'docker0' },
      { address: '10.8.0.2', name: 'utun4' },
    ])
    expect(chooseLanAddress(undefined, interfaces)).toBe('192.168.1.5')
    expect(chooseLanAddress(undefined, { docker0: interfaces.docker0 })).toBe('172.17.0.1')
    expect(chooseLanAddress('10.8.0.2', interfaces)).toBe('10.8.0.2')
  })

  test.each([
    ['vEthernet (WSL (Hyper-V firewall))', true],
    ['VirtualBox Host-Only Ethernet Adapter', true],
    ['br-3f2a', true],
    ['Wi-Fi', false],
    ['以太网', false],
    ['wlan0', false],
    ['enp3s0', false],
  ])('takes %s for virtual: %s', (name, isVirtual) => {
    const [first] = lanAddresses({ [name]: [ipv4('10.0.0.1')], eth9: [ipv4('10.0.0.2')] })
    expect(first?.name).toBe(isVirtual ? 'eth9' : name)
  })

  const choice = 'it has 192.168.1.5 (en0), 172.17.0.1 (docker0), 10.8.0.2 (utun4)'

  test.each([
    ['203.0.113.7', `203.0.113.7 is no private address, so the internet may reach it; ${choice}`],
    ['192.168.1.6', `192.168.1.6 is no address of this computer on a network; ${choice}`],
    ['127.0.0.1', `127.0.0.1 is no address of this computer on a network; ${choice}`],
    ['0.0.0.0', `0.0.0.0 is no address of this computer on a network; ${choice}`],
  ])('is not %s', (wanted, message) => {
    expect(() => chooseLanAddress(wanted, interfaces)).toThrow(
      new Error(`--lan-address: ${message}`),
    )
  })

  test('is missed in one line', () => {
    const { lo, en5 } = interfaces
    expect(() => chooseLanAddress(undefined, { lo, en5 })).toThrow(
      new Error('--lan finds no private IPv4 address of this computer: is it on a network?'),
    )
    expect(() => chooseLanAddress('10.0.0.1', { lo })).toThrow(/; it has no private one$/)
  })

  test('is printed with a QR code, the warning, and the other addresses', () => {
    const serverUrl = 'http://192.168.1.5:3000'
    const notice = lanNotice({ serverUrl, secretKey: 'the-key', colored: false }, interfaces)
    expectQrCode(notice, serverUrl)
    expect(notice).toContain('Anyone on this network')
    expect(notice).toContain('同一网络中的任何人')
    expect(notice).toContain('local-secret-id / the-key')
    expect(notice).toContain('docker0: --lan-address 172.17.0.1\n')
    expect(notice).not.toContain('--lan-address 192.168.1.5')

    const colored = lanNotice({ serverUrl, secretKey: 'the-key', colored: true }, interfaces)
    const painted = colored.split('\n').filter((line) => line.startsWith('\u001b[97;40m'))
    const lines = painted.map((line) => line.replace('\u001b[97;40m', '').replace('\u001b[0m', ''))
    expectQrCode(lines.join('\n'), serverUrl)
  })
})

const [lan] = lanAddresses()
/** Windows knows no signals: Node ends the process itself there. */
const ENDED = process.platform === 'win32' ? null : 0
const onLan = lan ? describe : describe.skip

onLan(`npm start -- --lan${lan ? '' : ' (this computer has no private IPv4 address)'}`, () => {
  const data = tempDir()
  const loopback = '127.0.0.1'
  let run: Run
  let urls: Awaited<ReturnType<typeof addresses>>

  beforeAll(async () => {
    run = runStart('--lan', ...FREE_PORTS, '--data', data.path)
    urls = await addresses(run)
    await until(() => run.stdout().includes('Ctrl-C'), 'the notice')
  })
  afterAll(async () => {
    await closeBrowser()
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(ENDED)
    expect(run.stderr()).toBe('')
    data.remove()
  })

  test('listens there and nowhere else; the console stays on this computer', async () => {
    const { preview, server, cloud, control } = urls
    for (const url of [preview, server, cloud]) {
      expect(new URL(url).hostname).toBe(lan?.address)
      const { port } = new URL(url)
      await expect(fetch(`http://${loopback}:${port}/`)).rejects.toThrow('fetch failed')
    }
    expect(new URL(control).hostname).toBe(loopback)
    const outside = control.replace(loopback, lan!.address)
    await expect(fetch(outside)).rejects.toThrow('fetch failed')
    expectQrCode(run.stdout(), server)
  })

  test('tells a phone addresses that it can reach', async () => {
    const { preview, server, cloud } = urls
    const config = await fetch(`${server}/config`, { headers: { origin: preview } })
    expect(config.headers.get('access-control-allow-origin')).toBe(preview)
    expect(await config.json()).toMatchObject({ host: new URL(cloud).host, localCloud: true })
    expect(await (await fetch(preview)).text()).toContain(server)

    const { token, prefix } = await post('/session', { code: 'a' })
    const key = `${prefix}from a phone.txt`
    const signed = (method: string) => post('/presign', { method, key }, token)
    const put = await fetch((await signed('PUT')).url!, { method: 'PUT', body: Buffer.from('up') })
    expect(put.status).toBe(200)
    expect(await (await fetch((await signed('GET')).url!)).text()).toBe('up')
  })

  test('opens the local cloud by the printed key, not by the published one', async () => {
    const [, SecretKey = ''] = /local-secret-id \/ (\S+)/.exec(run.stdout()) ?? []
    expect(await listed(SecretKey)).toBe(200)
    expect(await listed('local-secret-key')).toBe(403)
  })

  test.each(['上传：PUT', '上传：分块'])(
    '%s moves a file in a browser of another device',
    async (demo) => {
      const { page, errors, close } = await openPreview(urls.preview)
      // Not so on localhost: no clipboard there, and no crypto.subtle.
      expect(await page.evaluate(() => isSecureContext)).toBe(false)
      const bytes = randomBytes(3 * 1024 * 1024)
      const file = join(data.path, `${demo.at(-1)}.bin`)
      writeFileSync(file, bytes)
      await page.locator('wx-navigator', { hasText: demo }).tap()
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        button(page, '从聊天记录选择').tap(),
      ])
      await chooser.setFiles(file)
      await button(page, '上传').tap()
      await page.getByText('上传完成').waitFor()
      await button(page, '复制').first().tap()
      await page.getByText('复制失败').first().waitFor()

      await button(page, '下载这个对象').tap()
      await button(page, '下载').last().tap()
      await page.getByText('下载完成').waitFor()
      expect(await sha256OfDownload(page)).toBe(createHash('sha256').update(bytes).digest('hex'))
      expect(errors).toEqual([])
      await close()
    },
  )

  async function post(path: string, body: object, token = ''): Promise<Record<string, string>> {
    const response = await fetch(urls.server + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Record<string, string>
  }

  /** The status of a list of the bucket. */
  async function listed(SecretKey: string): Promise<number> {
    const { host } = new URL(urls.cloud)
    const cos = new COS({ SecretId: 'local-secret-id', SecretKey, Protocol: 'http:', Domain: host })
    const bucket = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing', Key: '' }
    return (await fetch((await cos.presign(bucket)).Url)).status
  }
})

function button(page: Page, text: string) {
  return page.locator('wx-button:visible', { hasText: text })
}

async function sha256OfDownload(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { shown } = getCurrentPages().at(-1)!.data as { shown: { path: string } }
    const { digest } = await new Promise<{ digest: string }>((success, fail) => {
      const options = { filePath: shown.path, digestAlgorithm: 'sha256', success, fail }
      wx.getFileSystemManager().getFileInfo(options as WechatMiniprogram.GetFileInfoOption)
    })
    return digest
  })
}

/** Reads the QR code in a text as a camera does: half a character is a dot, and what is painted is white. */
function expectQrCode(text: string, content: string): void {
  const lines = text.split('\n').filter((line) => /^[█▀▄ ]{20,}$/.test(line))
  const dots = lines.flatMap((line) => [
    [...line].map((character) => !'█▀'.includes(character)),
    [...line].map((character) => !'█▄'.includes(character)),
  ])
  const code = encode(content, { border: 2 }).data
  expect(dots.slice(0, code.length)).toEqual(code)
}

function ipv4(address: string, more: { internal?: boolean } = {}): NetworkInterfaceInfo {
  const internal = more.internal ?? false
  return { address, family: 'IPv4', internal, netmask: '', mac: '', cidr: null }
}

function ipv6(address: string): NetworkInterfaceInfo {
  return { address, family: 'IPv6', internal: false, netmask: '', mac: '', cidr: null, scopeid: 1 }
}
