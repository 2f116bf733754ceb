/** What a policy is asked about: one operation on one resource, and the request's condition values. */
export interface AccessRequest {
  /** `name/cos:PutObject` */
  readonly action: string
  /** `qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/key` */
  readonly resource: string
  /** By condition key, `cos:content-length` for example. What the request does not carry is missing. */
  readonly context: Readonly<Record<string, string | undefined>>
}

/** A CAM policy, version 2.0, checked and ready to be asked. Source: manual 436/71306 and 436/71307. */
export interface Policy {
  readonly statements: readonly Statement[]
}

interface Statement {
  readonly allow: boolean
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions: readonly Condition[]
}

interface Condition {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

type PolicyErrorCode =
  'StrategyFormatError' | 'StrategyInvalid' | 'ResouceError' | 'GrantOtherResource'

/** A policy that STS refuses. `code` is the second half of STS's own code, spelled as STS spells it. */
export class PolicyError extends Error {
  readonly code: PolicyErrorCode

  constructor(code: PolicyErrorCode, message: string) {
    super(message)
    this.name = 'PolicyError'
    this.code = code
  }
}

/** The condition keys that the local cloud knows values for (436/71307). */
const CONDITION_KEYS = [
  'cos:content-length',
  'cos:content-type',
  'cos:x-cos-acl',
  'cos:x-cos-storage-class',
  'cos:secure-transport',
]

type Comparison = (actual: string, wanted: string) => boolean

/** Each compares the value of the request with one of the policy; `NEGATIVE` ones must hold for all. */
const OPERATORS: Readonly<Record<string, Comparison>> = {
  string_equal: (actual, wanted) => actual === wanted,
  string_not_equal: (actual, wanted) => actual !== wanted,
  string_like: (actual, wanted) => matches(wanted, actual),
  numeric_equal: (actual, wanted) => Number(actual) === Number(wanted),
  numeric_not_equal: (actual, wanted) => Number(actual) !== Number(wanted),
  numeric_less_than: (actual, wanted) => Number(actual) < Number(wanted),
  numeric_less_than_equal: (actual, wanted) => Number(actual) <= Number(wanted),
  numeric_greater_than: (actual, wanted) => Number(actual) > Number(wanted),
  numeric_greater_than_equal: (actual, wanted) => Number(actual) >= Number(wanted),
  bool_equal: (actual, wanted) => actual === wanted,
}

const NEGATIVE = ['string_not_equal', 'numeric_not_equal']
const IF_EXIST = '_if_exist'

/**
 * Reads a policy document. What the local cloud does not know (an element, an operator, a condition key) is
 * refused, never ignored. Errors: PolicyError.
 */
export function parsePolicy(text: string): Policy {
  const document = parseJson(text)
  if (!isRecord(document)) throw malformed('the policy must be a JSON object')
  refuseUnknown(document, ['version', 'statement'], 'the policy')
  if (document['version'] !== '2.0') throw malformed('version must be "2.0"')
  const statements = document['statement']
  if (!Array.isArray(statements) || statements.length === 0) {
    throw malformed('statement must be an array with at least one statement')
  }
  return { statements: statements.map(parseStatement) }
}

function parseStatement(statement: unknown): Statement {
  if (!isRecord(statement)) throw malformed('a statement must be an object')
  if ('principal' in statement) {
    throw new PolicyError(
      'StrategyInvalid',
      'a policy for GetFederationToken must not have a principal',
    )
  }
  refuseUnknown(statement, ['effect', 'action', 'resource', 'condition'], 'a statement')
  const { effect, action, resource, condition = {} } = statement
  if (effect !== 'allow' && effect !== 'deny') throw malformed('effect must be "allow" or "deny"')
  if (!isRecord(condition)) throw malformed('condition must be an object')
  return {
    allow: effect === 'allow',
    actions: strings(action, 'action').map((name) => name.replace(/^name\//, '')),
    resources: strings(resource, 'resource').map(parseResource),
    conditions: Object.entries(condition).flatMap(([operator, keys]) =>
      parseConditions(operator, keys),
    ),
  }
}

/** Brings both forms of a resource into the newer one; a region that is left out is any region. */
function parseResource(resource: string): string {
  if (resource === '*') return resource
  const [, region, uid, rest] = /^qcs::cos:([^:]*):uid\/(\d+):(.+)$/s.exec(resource) ?? []
  if (uid === undefined || rest === undefined) {
    throw new PolicyError(
      'ResouceError',
      `"${resource}" is not qcs::cos:<region>:uid/<appid>:<bucket-appid>/<key>`,
    )
  }
  const [, owner, name, key] = /^prefix\/\/(\d+)\/([^/]+)\/(.*)$/s.exec(rest) ?? []
  const path = owner === undefined ? rest : `${name}-${owner}/${key}`
  return `qcs::cos:${region || '*'}:uid/${uid}:${path}`
}

function parseConditions(operator: string, keys: unknown): Condition[] {
  const name = withoutIfExist(operator)
  if (!Object.hasOwn(OPERATORS, name)) {
    throw new PolicyError('StrategyInvalid', `the condition operator "${operator}" is not known`)
  }
  if (!isRecord(keys)) throw malformed(`the condition ${operator} must be an object`)
  return Object.entries(keys).map(([key, value]) => {
    if (!CONDITION_KEYS.includes(key)) {
      throw new PolicyError('StrategyInvalid', `the condition key "${key}" is not known`)
    }
    const values = conditionValues(value, `${operator} ${key}`)
    if (name.startsWith('numeric_') && !values.every((text) => /^\d+(\.\d+)?$/.test(text))) {
      throw new PolicyError('StrategyInvalid', `the condition ${operator} ${key} needs numbers`)
    }
    return { operator, key, values }
  })
}

/** One or more values as text. They may be written percent-encoded (`image%2Fjpeg`) or plain. */
function conditionValues(value: unknown, where: string): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  if (values.length === 0) throw malformed(`the condition ${where} has no value`)
  return values.map((one) => {
    if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') {
      throw malformed(`the condition ${where} must have strings or numbers`)
    }
    return decodeLeniently(String(one))
  })
}

/**
 * Refuses a policy about resources of another account than `appid`, in its uid or in the name of a bucket.
 * Errors: PolicyError `GrantOtherResource`.
 */
export function checkOwner({ statements }: Policy, appid: string): void {
  for (const resource of statements.flatMap(({ resources }) => resources)) {
    const [, uid, bucketOwner] = /:uid\/(\d+):(?:[^/]*-(\d+)(?:\/|$))?/.exec(resource) ?? []
    if ((uid ?? appid) !== appid || (bucketOwner ?? appid) !== appid) {
      throw new PolicyError('GrantOtherResource', '[QC_STS] cant grant other resource')
    }
  }
}

export interface Decision {
  readonly allowed: boolean
  /** Which statement, action, resource or condition decided. */
  readonly reason: string
}

/** Asks a policy. A deny wins; what no statement allows is denied. */
export function evaluate({ statements }: Policy, request: AccessRequest): Decision {
  const misses = statements.map((statement) => whyNotApplicable(statement, request))
  const denying = statements.findIndex(({ allow }, i) => !allow && misses[i] === undefined)
  if (denying >= 0) return { allowed: false, reason: `statement ${denying + 1} denies it` }
  const allowing = statements.findIndex(({ allow }, i) => allow && misses[i] === undefined)
  if (allowing >= 0) return { allowed: true, reason: `statement ${allowing + 1} allows it` }
  const why = statements.map(({ allow }, i) => allow && `statement ${i + 1} ${misses[i]}`)
  return {
    allowed: false,
    reason: `no statement allows ${request.action} on ${request.resource}: ${why.filter(Boolean).join('; ')}`,
  }
}

function whyNotApplicable(statement: Statement, request: AccessRequest): string | undefined {
  const action = request.action.replace(/^name\//, '')
  if (!statement.actions.some((pattern) => matches(pattern, action))) return 'has other actions'
  if (!statement.resources.some((pattern) => matches(pattern, request.resource))) {
    return 'has other resources'
  }
  const unmet = statement.conditions.find((condition) => !isMet(condition, request.context))
  return (
    unmet &&
    `has an unmet condition: ${unmet.operator} ${unmet.key} ${unmet.values.join(' | ')}, ` +
      `the request has ${request.context[unmet.key] ?? 'none'}`
  )
}

function isMet({ operator, key, values }: Condition, context: AccessRequest['context']): boolean {
  const actual = context[key]
  if (actual === undefined) return operator.endsWith(IF_EXIST)
  const name = withoutIfExist(operator)
  const compare = OPERATORS[name]
  if (!compare) throw new TypeError(`unknown condition operator ${operator}`)
  const holds = (wanted: string) => compare(actual, wanted)
  return NEGATIVE.includes(name) ? values.every(holds) : values.some(holds)
}

function withoutIfExist(operator: string): string {
  return operator.endsWith(IF_EXIST) ? operator.slice(0, -IF_EXIST.length) : operator
}

/** Whether a text matches a pattern in which `*` stands for any characters. Linear in both lengths. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*')
  const first = parts.shift() ?? ''
  const last = parts.pop()
  if (last === undefined) return pattern === text
  if (!text.startsWith(first)) return false
  let from = first.length
  for (const part of parts) {
    const found = text.indexOf(part, from)
    if (found < 0) return false
    from = found + part.length
  }
  return text.length - last.length >= from && text.endsWith(last)
}

function strings(value: unknown, what: string): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0 || !list.every((one) => typeof one === 'string' && one !== '')) {
    throw malformed(`${what} must be a string or an array of strings`)
  }
  return list as string[]
}

function refuseUnknown(
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  where: string,
): void {
  const unknown = Object.keys(record).find((name) => !known.includes(name))
  if (unknown !== undefined) throw malformed(`${where} has an unknown element "${unknown}"`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('the policy is not JSON')
  }
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function malformed(message: string): PolicyError {
  return new PolicyError('StrategyFormatError', message)
}
