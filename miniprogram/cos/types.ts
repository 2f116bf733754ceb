/** The methods of the COS XML API. */
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
  renew?: Renewal
}

/**
 * COS has refused the last signature for its key or its time. The signer takes a new key, and sets
 * its clock by the time of COS, where that is known (unix seconds).
 */
export interface Renewal {
  serverTime?: number | undefined
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
  renew?: Renewal
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

/** Parameters or headers by name. Numbers and booleans are written out; null and undefined are left out. */
export type Fields = Record<string, string | number | boolean | null | undefined>

/** Where an object lives. Names as in the manual page. */
export interface ObjectLocation {
  /** `<BucketName>-<APPID>`. */
  Bucket: string
  /** For example `ap-beijing`. */
  Region: string
  /** Object key, decoded. Empty: the bucket itself. */
  Key: string
  /** `http:` or `https:`. */
  Protocol?: string
  /** Host, with its port if any, that answers for the bucket. May hold `{Bucket}` and `{Region}`. */
  Domain?: string | undefined
}

/** A key that signs. Temporary keys bring a token and an end; times in unix seconds. */
export interface Credentials {
  SecretId: string
  SecretKey: string
  SecurityToken?: string | undefined
  StartTime?: number
  ExpiredTime?: number
}

/** Options of `COS.getAuthorization`. */
export interface AuthorizationOptions {
  SecretId: string
  SecretKey: string
  /** Default `get`. */
  Method?: string
  /** Object key, decoded. Empty: the bucket itself. */
  Key?: string
  /** Parameters to sign, decoded. */
  Query?: Fields | null
  /** Headers to sign. */
  Headers?: Fields | null
  /** Lifetime in seconds. Default 900. */
  Expires?: number | string
  /** With both, the host of the bucket is signed too. */
  Bucket?: string
  Region?: string
  /** Current time in milliseconds. Default `Date.now`. */
  Clock?: () => number
}

/** What `getAuthorization` of `new COS` is asked for. */
export interface AuthorizationRequest {
  Bucket: string
  Region: string
  Method: string
  Key: string
  /** Decoded path that is signed. */
  Pathname: string
  Query: Fields
  /** Headers to sign; `Host` among them. */
  Headers: Fields
}

/** A temporary key, as the official SDKs take it. Times in unix seconds. */
export interface TemporaryKey {
  TmpSecretId: string
  TmpSecretKey: string
  SecurityToken: string
  ExpiredTime: number
  StartTime?: number
  /** True: good for this one request, so it is not kept for the next. */
  ScopeLimit?: boolean
}

/** A ready signature of the server. */
export interface ReadyAuthorization {
  Authorization: string
  SecurityToken?: string | undefined
}

export interface COSOptions extends Partial<Credentials> {
  /** Fetches a temporary key, or a ready Authorization, when one is needed. */
  getAuthorization?: (
    request: AuthorizationRequest,
    callback: (answer: TemporaryKey | ReadyAuthorization | string) => void,
  ) => void
  /** Default for every call. */
  Protocol?: string
  /** Default for every call. */
  Domain?: string | undefined
  /** Current time in milliseconds. Default `Date.now`; a phone with a wrong clock corrects it here. */
  Clock?: () => number
}

/** Parameters of `getObjectUrl`: the fields of the manual page. */
export interface ObjectUrlParams extends ObjectLocation {
  /** False: the plain URL. Default true. */
  Sign?: boolean
  /** Default GET. */
  Method?: string
  /** Parameters of the URL, decoded. All are signed. */
  Query?: Fields | null
  /** Headers that the request must then carry exactly. All are signed. */
  Headers?: Fields | null
  /** Lifetime in seconds. Default 900. */
  Expires?: number | string
}

/** What `presign` gives: send exactly this. */
export interface PresignedUrl {
  Url: string
  /** Upper-case. */
  Method: string
  /** Headers to set on the request: all signed ones but `Host` and `Content-Length`, which the platform sets. */
  Headers: Record<string, string>
  /** End of the signature, in unix seconds. */
  ExpiredTime: number
}

/** What a form upload may do, and the key that signs it: with `Key` or with `KeyPrefix`. */
export interface PostFormOptions extends Omit<ObjectLocation, 'Key'>, Credentials {
  /** The exact object key that the form may write. */
  Key?: string
  /** Any key that begins so. The form asks for this prefix and the name of the file. */
  KeyPrefix?: string
  /** The exact Content-Type to store; COS ignores the type that the file part claims. */
  ContentType?: string
  /** Smallest and largest allowed file in bytes. Default 0 and 5 GB. */
  MinBytes?: number
  MaxBytes?: number
  /** Status of a success. Default 204. */
  SuccessStatus?: '200' | '201' | '204'
  /** Lifetime in seconds. Default 900. */
  Expires?: number | string
  /** Current time in milliseconds. Default `Date.now`. */
  Clock?: () => number
}

/** A form to send to COS with wx.uploadFile: the fields in order, then the file. */
export interface PostForm {
  Url: string
  Fields: Record<string, string>
  /** End of the policy, in unix seconds. */
  ExpiredTime: number
}

/** What `explain` cannot see in a URL or Authorization. */
export interface ExplainOptions {
  /** Default `get`. */
  Method?: string
  /** For an Authorization: the object key and parameters of its request. A URL holds them. */
  Key?: string
  Query?: Fields
  /** Headers that the request carries. The host of a URL is known. */
  Headers?: Fields
  /** Computes SignKey and Signature too. */
  SecretKey?: string
}

/** A parameter or header that a signature covers. */
export interface SignedField {
  /** As the list has it: encoded, lower-case. */
  name: string
  /** Decoded; undefined where the request, as far as it is known, does not carry it. */
  value: string | undefined
}

/** A signature taken apart. Times in unix seconds. */
export interface Explanation {
  SecretId: string
  SecurityToken: string | undefined
  /** `<start>;<end>` */
  KeyTime: string
  /** Undefined for an Authorization. */
  Host: string | undefined
  /** Decoded. */
  Pathname: string
  SignedHeaders: SignedField[]
  SignedParams: SignedField[]
  /** Parameters that anybody may change. */
  FreeParams: string[]
  HttpString: string
  StringToSign: string
  /** With a SecretKey: what the signature must be, and the key that makes it. */
  SignKey: string | undefined
  Signature: string | undefined
  /** What the signature is. */
  GivenSignature: string
}
