type PolicyErrorCode =
  | 'StrategyFormatError'
  | 'StrategyInvalid'
  | 'ResouceError'
  | 'GrantOtherResource'

/** A policy that STS refuses. `code` is the second half of STS's own code, spelled as STS spells it. */
export class PolicyError extends Error {
  readonly code: PolicyErrorCode

  constructor(code: PolicyErrorCode, message: string) {
    super(message)
    this.name = 'PolicyError'
    this.code = code
  }
}

export function malformed(message: string): PolicyError {
  return new PolicyError('StrategyFormatError', message)
}
