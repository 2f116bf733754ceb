/** Addresses of servers, as they are typed, scanned and entered in the WeChat console. */

/** No URL class: mini programs have none. */
const ADDRESS = /^(https?:\/\/([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?)(\/[\w./~-]*)?$/i

/** ` http://192.168.1.5:3000/ ` -> `http://192.168.1.5:3000`; undefined for what is no address. */
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

/** Whether an address means the very device that asks. */
export function isLoopback(address: string): boolean {
  return /^\w+:\/\/(localhost|127\.[\d.]+|\[::1\])(?=[:/]|$)/i.test(address)
}

/** One of the allowlists of the WeChat console. */
export interface Allowlist {
  api: 'request' | 'uploadFile' | 'downloadFile'
  /** What belongs in it, and whether the console takes it. */
  entries: { origin: string; taken: boolean }[]
  /** What to paste into the console: the entries that it takes, with `;` between them. */
  text: string
}

/**
 * What belongs in the three allowlists, as far as it is known.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html
 * @param server undefined where none has a part in it
 * @param cos origin of the bucket; undefined where it is not known
 */
export function allowlists(server: string | undefined, cos: string | undefined): Allowlist[] {
  const list = (api: Allowlist['api'], ...addresses: (string | undefined)[]): Allowlist => {
    const origins = addresses.flatMap((address) => (address ? [originOf(address)] : []))
    const entries = origins.map((origin) => ({ origin, taken: isDomain(origin) }))
    return { api, entries, text: origins.filter(isDomain).join(';') }
  }
  const lists = [list('request', server, cos), list('uploadFile', cos), list('downloadFile', cos)]
  return lists.filter(({ entries }) => entries.length > 0)
}

/** The console takes https and a registered name: no IP address, no `localhost`, no `.local`. */
function isDomain(origin: string): boolean {
  const host = /^https:\/\/([\w.-]+\.[a-z][a-z-]*|[\w.-]+\.xn--[\w-]+)(:\d+)?$/i.exec(origin)?.[1]
  return host !== undefined && !/\.(local|localhost|lan|internal)$/i.test(host)
}
