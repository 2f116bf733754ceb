/**
 * What `transfer/` asks of a signer. `new COS({ …, Bucket, Region })` of `cos/` has both functions;
 * so does a client of a backend that signs.
 */

export type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS'

/** COS refused the key or the time of the last signature: sign with a fresh key and COS's clock. */
export interface Renewal {
  /** COS's time when it refused, in unix seconds, where it is known. */
  serverTime?: number | undefined
}

/** A request that needs a signature. */
export interface SignableRequest {
  method: Method
  /** Object key, decoded: `photos/a b.png`. */
  key: string
  /** Query parameters, decoded. All are signed. */
  query?: Record<string, string> | undefined
  /** Headers that are sent with exactly these values. All are signed. */
  headers?: Record<string, string> | undefined
  /** Lifetime in seconds. The signer has a default. */
  expires?: number | undefined
  renew?: Renewal | undefined
}

/** A request that carries its signature. It is sent exactly as it is. */
export interface SignedRequest {
  /** Absolute URL with the signature in its query. */
  url: string
  method: Method
  /** Headers to set. */
  headers: Record<string, string>
  /** End of validity in unix seconds. */
  expiresAt: number
}

export type SignRequest = (request: SignableRequest) => Promise<SignedRequest>

/** A form upload (POST Object) that needs a signed policy. */
export interface SignableForm {
  /** The exact object key that the form may write. */
  key: string
  /** The exact Content-Type to store. */
  contentType?: string | undefined
  /** Largest allowed file in bytes. */
  maxBytes?: number | undefined
  /** Lifetime in seconds. The signer has a default. */
  expires?: number | undefined
  renew?: Renewal | undefined
}

/** A form whose fields carry the signed policy. They are sent as they are, before the file. */
export interface SignedForm {
  /** Absolute URL of the bucket. */
  url: string
  /** Form fields in order, without the file. */
  fields: Record<string, string>
  /** End of validity in unix seconds. */
  expiresAt: number
}

export type SignPostForm = (form: SignableForm) => Promise<SignedForm>
