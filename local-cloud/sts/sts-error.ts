/**
 * A request that STS refuses. `code` is one of the codes of cloud.tencent.com/document/api/1312/48195
 * (GetFederationToken) or of the common errors of API 3.0.
 */
export class StsError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'StsError'
    this.code = code
  }
}
