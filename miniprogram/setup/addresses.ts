/** Server addresses: as typed, as scanned, and as the WeChat console wants them. */

/** No URL class: mini programs have none. */
const ADDRESS = /^(https?:\/\/([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?)(\/[\w./~-]*)?$/i

/** ` http://192.168.1.5:3000/ ` -> `http://192.168.1.5:3000`; undefined for anything that is not an address. */
export function serverAddress(text: string): string | undefined {
  const address = text.trim()
  return ADDRESS.test(address) ? address.replace(/\/+$/, '') : undefined
}

/** `https://a.example.com/b?c` -> `https://a.example.com` */
export function originOf(url: string): string {
  return /^\w+:\/\/[^/?#]+/.exec(url)?.[0] ?? url
}

/** `https://a.example.com:8443/b` -> `a.example.com:8443` */
export function hostOf(url: string): string {
  return originOf(url).replace(/^\w+:\/\//, '')
}

/** Whether an address points to the device itself. */
export function isLoopback(address: string): boolean {
  return /^\w+:\/\/(localhost|127\.[\d.]+|\[::1\])(?=[:/]|$)/i.test(address)
}

/** One of the allowlists in the WeChat console. */
export interface Allowlist {
  api: 'request' | 'uploadFile' | 'downloadFile'
  /** What it needs, and whether the console accepts it. */
  entries: { origin: string; isAccepted: boolean }[]
  /** The accepted entries joined by `;`, to paste into the console. */
  text: string
}

/**
 * The entries of the three allowlists, as far as they are known.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html
 * @param server undefined if no server is used
 * @param cos origin of the bucket; undefined if unknown
 */
export function allowlists(server: string | undefined, cos: string | undefined): Allowlist[] {
  const list = (api: Allowlist['api'], ...addresses: (string | undefined)[]): Allowlist => {
    const origins = addresses.flatMap((address) => (address ? [originOf(address)] : []))
    const entries = origins.map((origin) => ({ origin, isAccepted: isDomain(origin) }))
    return { api, entries, text: origins.filter(isDomain).join(';') }
  }
  const lists = [list('request', server, cos), list('uploadFile', cos), list('downloadFile', cos)]
  return lists.filter(({ entries }) => entries.length > 0)
}

/** The console accepts https and a registered name: no IP address, no `localhost`, no `.local`. */
function isDomain(origin: string): boolean {
  const host = /^https:\/\/([\w.-]+\.[a-z][a-z-]*|[\w.-]+\.xn--[\w-]+)(:\d+)?$/i.exec(origin)?.[1]
  return host !== undefined && !/\.(local|localhost|lan|internal)$/i.test(host)
}
