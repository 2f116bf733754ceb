import {
  isMet,
  matches,
  parseConditions,
  type Condition,
  type ConditionContext,
} from './conditions'
import { malformed, PolicyError } from './policy-error'

/** What a policy is asked about: one operation, and the request's condition values. */
export interface AccessRequest {
  /** `name/cos:PutObject` */
  action: string
  /**
   * `qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/key`. Of several names for what is asked for,
   * a statement has to name one.
   */
  resources: string[]
  context: ConditionContext
}

/** A CAM policy, version 2.0, checked and ready to be asked. Source: manual 436/71306 and 436/71307. */
export interface Policy {
  statements: readonly Statement[]
}

interface Statement {
  allow: boolean
  actions: readonly string[]
  resources: readonly string[]
  conditions: readonly Condition[]
  /** What is accepted and has no effect. */
  ignored: readonly string[]
}

/**
 * Reads a policy document. What the local cloud does not know (an element, an operator, a condition key) is
 * refused, never ignored.
 *
 * @throws PolicyError
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
  refuseUnknown(
    statement,
    ['principal', 'effect', 'action', 'resource', 'condition'],
    'a statement',
  )
  const { principal, effect, action, resource, condition = {} } = statement
  if (effect !== 'allow' && effect !== 'deny') throw malformed('effect must be "allow" or "deny"')
  if (!isRecord(condition)) throw malformed('condition must be an object')
  const resources = strings(resource, 'resource')
  return {
    allow: effect === 'allow',
    actions: strings(action, 'action').map((name) => name.replace(/^name\//, '')),
    resources: resources.map(parseResource),
    ignored: [
      ...(principal === undefined ? [] : ['principal']),
      ...resources.filter((name) => OTHER_SERVICE.test(name)),
    ],
    conditions: Object.entries(condition).flatMap(([operator, keys]) => {
      if (!isRecord(keys)) throw malformed(`the condition ${operator} must be an object`)
      return parseConditions(operator, keys)
    }),
  }
}

/** `qcs:<project>:<service>:<region>:<account>:<resource>` (598/10606) of another service than COS. */
const OTHER_SERVICE = /^qcs:[^:]*:(?!cos:)\w+:[^:]*:[^:]*:.+$/s

/**
 * Brings both forms of a resource of COS into the newer one; a region that is left out is any region. One of
 * another service stays as it is: no request here asks for it.
 */
function parseResource(resource: string): string {
  if (resource === '*' || OTHER_SERVICE.test(resource)) return resource
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

/**
 * Refuses a policy about resources of another account than `appid`, in its uid or in the name of a bucket.
 *
 * @throws PolicyError `GrantOtherResource`
 */
export function checkOwner({ statements }: Policy, appid: string): void {
  for (const resource of statements.flatMap(({ resources }) => resources)) {
    const [, uid, bucketOwner] = /:uid\/(\d+):(?:[^/]*-(\d+)(?:\/|$))?/.exec(resource) ?? []
    if ((uid ?? appid) !== appid || (bucketOwner ?? appid) !== appid) {
      throw new PolicyError('GrantOtherResource', '[QC_STS] cant grant other resource')
    }
  }
}

/** What a policy says and the local cloud does not look at, one sentence each. */
export function ignoredIn({ statements }: Policy): string[] {
  return statements.flatMap(({ ignored }, i) =>
    ignored.map((what) => `statement ${i + 1}: ${what} has no effect here`),
  )
}

export interface Decision {
  allowed: boolean
  /** Which statement, action, resource or condition decided. */
  reason: string
}

/** Asks a policy. A deny wins; what no statement allows is denied. */
export function evaluate({ statements }: Policy, request: AccessRequest): Decision {
  const mismatches = statements.map((statement) => whyNotApplicable(statement, request))
  const denying = statements.findIndex(({ allow }, i) => !allow && mismatches[i] === undefined)
  if (denying >= 0) return { allowed: false, reason: `statement ${denying + 1} denies it` }
  const allowing = statements.findIndex(({ allow }, i) => allow && mismatches[i] === undefined)
  if (allowing >= 0) return { allowed: true, reason: `statement ${allowing + 1} allows it` }
  const why = statements.map(({ allow }, i) => allow && `statement ${i + 1} ${mismatches[i]}`)
  return {
    allowed: false,
    reason: `no statement allows ${request.action} on ${request.resources.join(' or ')}: ${why.filter(Boolean).join('; ')}`,
  }
}

function whyNotApplicable(statement: Statement, request: AccessRequest): string | undefined {
  const action = request.action.replace(/^name\//, '')
  if (!statement.actions.some((pattern) => matches(pattern, action))) {
    return `has other actions: ${statement.actions.join(', ')}`
  }
  const isAskedFor = (pattern: string) => request.resources.some((name) => matches(pattern, name))
  if (!statement.resources.some(isAskedFor)) {
    return `has other resources: ${statement.resources.join(', ')}`
  }
  const unmet = statement.conditions.find((condition) => !isMet(condition, request.context))
  return (
    unmet &&
    `has an unmet condition: ${unmet.operator} ${unmet.key} ${unmet.values.join(' | ')}, ` +
      `the request has ${request.context[unmet.key] ?? 'none'}`
  )
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
