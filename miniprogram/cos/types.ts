/** What a request may be signed for. COS's own spelling of the methods. */
export type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS'

/** A request that needs a signature. */
export interface SignableRequest {
  method: Method
  /** Object key, decoded: `photos/a b.png`. Empty for the bucket itself. */
  key: string
  /** Query parameters, decoded. All of them are signed. */
  query?: Record<string, string>
  /** Headers that the signature fixes: the client must send exactly these values. */
  headers?: Record<string, string>
  /** Lifetime in seconds. Default 900. */
  expires?: number
}

/** A request that carries its signature: send exactly this. */
export interface SignedRequest {
  /** Absolute URL with the signature in its query. */
  url: string
  method: Method
  /** Headers that the client must set itself: never `host` or `content-length`. */
  headers: Record<string, string>
  /** End of validity in unix seconds: that of the signature or of its key, whichever is earlier. */
  expiresAt: number
}

/** The one seam of everything that needs a signed request, wherever the signing happens. */
export type SignRequest = (request: SignableRequest) => Promise<SignedRequest>

/** A form upload (POST Object) that needs a signed policy. */
export interface SignableForm {
  /** The exact object key that the form may write. */
  key: string
  /** The exact Content-Type to store. */
  contentType?: string
  /** Largest allowed file in bytes. */
  maxBytes?: number
  /** Lifetime in seconds. Default 900. */
  expires?: number
}

/** A form whose fields carry the signed policy: send exactly these, then the file, last. */
export interface SignedForm {
  /** Absolute URL of the bucket. */
  url: string
  /** Form fields in order, without the file. */
  fields: Record<string, string>
  /** End of validity in unix seconds. */
  expiresAt: number
}

/** The seam of wx.uploadFile, which can only POST a form. */
export type SignPostForm = (form: SignableForm) => Promise<SignedForm>
