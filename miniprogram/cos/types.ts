/** The methods of the COS XML API. */
export type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS'

/** What `signRequest` of `new COS` takes: a request to the bucket of its options. */
export interface SignableRequest {
  method: Method
  /** Object key, decoded: `photos/a b.png`. Empty for the bucket itself. */
  key: string
  /** Query parameters, decoded. All are signed. */
  query?: Record<string, string> | undefined
  /** Headers that the client must send with exactly these values. All are signed. */
  headers?: Record<string, string> | undefined
  /** Lifetime in seconds. Default 900. */
  expires?: number | undefined
  renew?: Renewal | undefined
}

/** COS refused the key or the time of the last signature: sign with a fresh key and COS's clock. */
export interface Renewal {
  /** COS's time when it refused, in unix seconds, where it is known. */
  serverTime?: number | undefined
}

/** What `signRequest` resolves to: send exactly this. */
export interface SignedRequest {
  /** Absolute URL with the signature in its query. */
  url: string
  method: Method
  /** Headers that the client must set: never `Host` or `Content-Length`, which the platform sets. */
  headers: Record<string, string>
  /** End of validity in unix seconds: that of the signature or of its key, whichever is earlier. */
  expiresAt: number
}

/** What `signPostForm` of `new COS` takes: a form upload to the bucket of its options. */
export interface SignableForm {
  /** The exact object key that the form may write. */
  key: string
  /** The exact Content-Type to store. */
  contentType?: string | undefined
  /** Largest allowed file in bytes. Default 5 GB. */
  maxBytes?: number | undefined
  /** Lifetime in seconds. Default 900. */
  expires?: number | undefined
  renew?: Renewal | undefined
}

/** What `signPostForm` resolves to: send exactly these fields, then the file, last. */
export interface SignedForm {
  /** Absolute URL of the bucket. */
  url: string
  /** Form fields in order, without the file. */
  fields: Record<string, string>
  /** End of validity in unix seconds. */
  expiresAt: number
}

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
  Protocol?: string | undefined
  /** Host, with its port if any, that answers for the bucket. May hold `{Bucket}` and `{Region}`. */
  Domain?: string | undefined
  /** The host of global acceleration, which must be on for the bucket. `Domain` comes first. */
  UseAccelerate?: boolean | undefined
}

/** A key that signs. Temporary keys bring a token and an end; times in unix seconds. */
export interface Credentials {
  SecretId: string
  SecretKey: string
  SecurityToken?: string | undefined
  StartTime?: number | undefined
  ExpiredTime?: number | undefined
}

/** Options of `COS.getAuthorization`. */
export interface AuthorizationOptions {
  SecretId: string
  SecretKey: string
  /** Default `get`. */
  Method?: string | undefined
  /** Object key, decoded. Empty: the bucket itself. */
  Key?: string | undefined
  /** The same with a leading slash, as the official SDK hands it to `getAuthorization`. */
  Pathname?: string | undefined
  /** Parameters to sign, decoded. */
  Query?: Fields | null | undefined
  /** Headers to sign. */
  Headers?: Fields | null | undefined
  /** Lifetime in seconds. Default 900. */
  Expires?: number | string | undefined
  /** With both, the host of the bucket is signed too. */
  Bucket?: string
  Region?: string
  /** Current time in milliseconds. Default `Date.now`. */
  Clock?: (() => number) | undefined
  /** Milliseconds to add to the clock. */
  SystemClockOffset?: number | undefined
}

/** What a request needs to be allowed, as the official SDK tells it. */
export interface Scope {
  /** Such as `name/cos:PutObject`. */
  action: string
  bucket: string
  region: string
  /** The object key. */
  prefix: string
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
  /** What a key for this request must allow. */
  Scope: Scope[]
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

/** The same, with the token's name of the SDK's early versions. */
export interface XCosTemporaryKey extends Omit<TemporaryKey, 'SecurityToken'> {
  XCosSecurityToken: string
}

/** A ready signature of the server. */
export interface ReadyAuthorization {
  Authorization: string
  SecurityToken?: string | undefined
  /** The same as `SecurityToken`. */
  XCosSecurityToken?: string | undefined
}

/** What `getAuthorization` gives. */
export type KeyAnswer = TemporaryKey | XCosTemporaryKey | ReadyAuthorization | string

/** A key and the bucket that it opens. */
export interface BucketKey extends Credentials, Omit<ObjectLocation, 'Key'> {
  /** Current time in milliseconds. Default `Date.now`. */
  Clock?: (() => number) | undefined
}

/** `Bucket` and `Region` are those of `signRequest` and `signPostForm`; the rest holds for every call. */
export interface COSOptions extends Partial<BucketKey> {
  /** The same as `SecurityToken`. */
  XCosSecurityToken?: string | undefined
  /** Milliseconds to add to the clock, until COS tells its time. */
  SystemClockOffset?: number | undefined
  /**
   * Fetches a temporary key, or a ready Authorization, when one is needed: calls back, as with the
   * official SDKs, or returns it, also as a promise. Where it throws or takes longer than 70 s, the
   * call that needed the key rejects: with its own error if that has a `code` or an `errMsg`, else
   * with `NO_CREDENTIALS`.
   */
  getAuthorization?: (
    request: AuthorizationRequest,
    callback: (answer: KeyAnswer) => void,
  ) => KeyAnswer | void | Promise<KeyAnswer | void>
}

/** Parameters of `getObjectUrl`: the fields of the manual page. */
export interface ObjectUrlParams extends ObjectLocation {
  /** False: the plain URL. Default true. */
  Sign?: boolean
  /** Default GET. */
  Method?: string | undefined
  /** Parameters of the URL, decoded. All are signed. */
  Query?: Fields | null | undefined
  /** Headers that the request must then carry exactly. All are signed. */
  Headers?: Fields | null | undefined
  /** Lifetime in seconds. Default 900. */
  Expires?: number | string | undefined
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
  Key?: string | undefined
  /** Any key that begins so. The form asks for this prefix and the name of the file. */
  KeyPrefix?: string
  /** The exact Content-Type to store; COS ignores the type that the file part claims. */
  ContentType?: string | undefined
  /** Smallest and largest allowed file in bytes. Default 0 and 5 GB. */
  MinBytes?: number | undefined
  MaxBytes?: number | undefined
  /** Status of a success. Default 204. */
  SuccessStatus?: '200' | '201' | '204'
  /** Lifetime in seconds. Default 900. */
  Expires?: number | string | undefined
  /** Current time in milliseconds. Default `Date.now`. */
  Clock?: (() => number) | undefined
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
  Method?: string | undefined
  /** For an Authorization: the object key and parameters of its request. A URL holds them. */
  Key?: string | undefined
  Query?: Fields | undefined
  /** Headers that the request carries. The host of a URL is known. */
  Headers?: Fields | undefined
  /** Computes SignKey and Signature too. */
  SecretKey?: string | undefined
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
