/** The one file to edit: where your server is, and whether this build is for debugging. */
export const config = {
  /**
   * Address of `server/`, without a trailing slash. A phone cannot reach 127.0.0.1 of a computer:
   * give the LAN address there. A released mini program needs https and an entry in the request
   * allowlist of the WeChat console.
   */
  serverUrl: 'http://127.0.0.1:3000',

  /**
   * For a backend that is not `server/`: what its answers do not say, and where it answers. Such
   * answers fit as they are: see docs/existing-backend.md.
   */
  bucket: '',
  region: '',
  /** Host of the bucket, if it is not the standard one. The local cloud: `http://127.0.0.1:9000`. */
  domain: '',
  /** What every object key begins with: `uploads/`. */
  prefix: '',
  paths: {
    /** Empty: no login, and no token is sent. */
    session: '/session',
    credentials: '/credentials',
    presign: '/presign',
    postForm: '/post-form',
  },

  /**
   * Whether people can type in a permanent key, for debugging. WeChat's reviewers run a submitted
   * version as `develop`, so leave it off in what you submit. With a `serverUrl` of plain http, which
   * no submitted version can reach, the form is there without it.
   */
  permanentKeyForm: false,

  /**
   * Where people read `docs/` of your copy, such as `https://github.com/you/your-app/blob/main/docs`.
   * Failures offer the address of their section. Empty: they name the file.
   */
  docsUrl: '',
}
