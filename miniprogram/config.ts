/** The one file to edit: where your server is. */
export const config = {
  /**
   * Address of `server/`, without a trailing slash. A phone cannot reach 127.0.0.1 of a computer:
   * give the LAN address there. A released mini program needs https and an entry in the request
   * allowlist of the WeChat console.
   */
  serverUrl: 'http://127.0.0.1:3000',
}
