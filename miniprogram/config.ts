/** The one file to edit: where your server is, and whether this build is for debugging. */
export const config = {
  /**
   * Address of `server/`, without a trailing slash. A phone cannot reach 127.0.0.1 of a computer:
   * give the LAN address there. A released mini program needs https and an entry in the request
   * allowlist of the WeChat console.
   */
  serverUrl: 'http://127.0.0.1:3000',

  /**
   * Whether people can type in a permanent key, for debugging. WeChat's reviewers run a submitted
   * version as `develop`, so leave it off in what you submit. With a `serverUrl` of plain http, which
   * no submitted version can reach, the form is there without it.
   */
  permanentKeyForm: false,
}
