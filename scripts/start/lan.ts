import { BlockList } from 'node:net'
import os from 'node:os'
import { renderUnicodeCompact } from 'uqr'

/** An address of this computer, and the interface that has it. */
export interface LanAddress {
  address: string
  name: string
}

type Interfaces = ReturnType<typeof os.networkInterfaces>

/** RFC 1918. Any other address may be reached from the internet. */
const privateAddresses = new BlockList()
privateAddresses.addSubnet('10.0.0.0', 8)
privateAddresses.addSubnet('172.16.0.0', 12)
privateAddresses.addSubnet('192.168.0.0', 16)

/** Containers, virtual machines and VPNs: no phone is there. */
const VIRTUAL =
  /^(docker|br-|bridge|veth|virbr|vmnet|vboxnet|utun|tun|tap|wg|zt|tailscale)|vEthernet|VirtualBox|VMware|WSL/i

/** The private IPv4 addresses of this computer. Those that a phone most likely reaches come first. */
export function lanAddresses(interfaces: Interfaces = os.networkInterfaces()): LanAddress[] {
  const addresses = ipv4Addresses(interfaces).filter(isPrivate)
  const isVirtual = ({ name }: LanAddress) => VIRTUAL.test(name)
  return [
    ...addresses.filter((one) => !isVirtual(one)),
    ...addresses.filter((one) => isVirtual(one)),
  ]
}

/**
 * The address to listen on: the wanted one, or without it the first of `lanAddresses`.
 *
 * @throws Error of one line that names the choice, where this computer has no such address, or where
 * it is not private
 */
export function chooseLanAddress(
  wanted: string | undefined,
  interfaces: Interfaces = os.networkInterfaces(),
): string {
  const addresses = lanAddresses(interfaces)
  const choice = addresses.map(({ address, name }) => `${address} (${name})`).join(', ')
  const [first] = addresses
  if (wanted === undefined) {
    if (first) return first.address
    throw new Error('--lan finds no private IPv4 address of this computer: is it on a network?')
  }
  if (addresses.some(({ address }) => address === wanted)) return wanted
  const isOwn = ipv4Addresses(interfaces).some(({ address }) => address === wanted)
  const reason = isOwn
    ? `${wanted} is no private address, so the internet may reach it`
    : `${wanted} is no address of this computer on a network`
  throw new Error(`--lan-address: ${reason}; it has ${choice || 'no private one'}`)
}

function ipv4Addresses(interfaces: Interfaces): LanAddress[] {
  return Object.entries(interfaces).flatMap(([name, entries = []]) =>
    entries
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => ({ address, name })),
  )
}

function isPrivate({ address }: LanAddress): boolean {
  return privateAddresses.check(address)
}

/**
 * What `npm start -- --lan` prints below its addresses: the QR code of the server, who else can reach
 * all this, the key of this local cloud, and the other addresses of this computer.
 *
 * @param serverUrl on the LAN, without a trailing slash
 * @param colored black on white whatever the theme of the terminal; a file or a pipe takes no colors
 */
export function lanNotice(
  start: { serverUrl: string; secretKey: string; colored: boolean },
  interfaces?: Interfaces,
): string {
  const { serverUrl, secretKey, colored } = start
  const { hostname } = new URL(serverUrl)
  const others = lanAddresses(interfaces).filter(({ address }) => address !== hostname)
  return `${qrCode(serverUrl, colored)}

Phone, DevTools: on the Setup page, scan this code or enter ${serverUrl}
手机、开发者工具：在小程序的「设置」页扫码，或输入上面的地址
${others.map(({ address, name }) => `Other network / 另一个网络 ${name}: --lan-address ${address}\n`).join('')}
Anyone on this network can read and change what is uploaded, so do not use it on a public
Wi-Fi. Ctrl-C ends it. Until then, the permanent key of the local cloud is
local-secret-id / ${secretKey}
同一网络中的任何人都能访问它，读取、修改上传的内容：不要在公共 Wi-Fi 中使用。按 Ctrl-C 结束。上面是本次运行的本地 COS 的永久密钥。
`
}

/** The characters paint what is white. */
function qrCode(text: string, colored: boolean): string {
  const code = renderUnicodeCompact(text, { border: 2 })
  return colored ? code.replace(/^.*$/gm, '\u001b[97;40m$&\u001b[0m') : code
}
