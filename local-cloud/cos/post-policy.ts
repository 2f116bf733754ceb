import { CosError } from './errors'

/** The fields of a form by lower-case name, without its file. */
export type FormFields = ReadonlyMap<string, string>

type Condition =
  | { kind: 'eq' | 'starts-with'; field: string; value: string }
  | { kind: 'content-length-range'; min: number; max: number }

/** The policy of a POST form: what it may upload, until when (436/14690). */
export interface PostPolicy {
  /** Milliseconds since 1970. */
  expiration: number
  conditions: readonly Condition[]
}

/** Conditions that a policy must have; they match exactly only, as `bucket`, the status and `x-cos-*` but for metadata do. */
const REQUIRED = ['q-sign-algorithm', 'q-ak', 'q-sign-time']
const EXACT = [...REQUIRED, 'bucket', 'success_action_status']

/** Fields whose values never leave the local cloud. */
const SECRET = ['x-cos-security-token', 'signature', 'q-signature']

/**
 * Reads the text of a policy.
 *
 * @throws CosError `InvalidPolicyDocument`
 */
export function parsePostPolicy(text: string): PostPolicy {
  const document = parseJson(text)
  const { expiration, conditions } = Object(document)
  if (!Array.isArray(conditions) || conditions.length === 0) {
    throw new CosError('InvalidPolicyDocument')
  }
  const policy = {
    expiration: Date.parse(String(expiration)),
    conditions: conditions.flatMap(parseCondition),
  }
  if (Number.isNaN(policy.expiration)) throw invalid('expiration is not an ISO 8601 time')
  for (const name of REQUIRED) {
    const isRequired = (one: Condition) => one.kind === 'eq' && one.field === name
    if (!policy.conditions.some(isRequired)) throw invalid(`a condition on ${name} is required`)
  }
  return policy
}

/** `{ "key": "value" }`, `["eq", "$key", "value"]`, `["starts-with", …]` or `["content-length-range", …]` */
function parseCondition(condition: unknown): Condition[] {
  if (!Array.isArray(condition)) {
    const entries = Object.entries(Object(condition))
    if (entries.length === 0) throw invalid('a condition must be an object or an array')
    return entries.map(([field, value]) => match('eq', field, value))
  }
  const [kind, first, second]: unknown[] = condition
  if (condition.length === 3 && kind === 'content-length-range') {
    if (!isSize(first) || !isSize(second)) throw invalid('content-length-range needs two numbers')
    return [{ kind, min: first, max: second }]
  }
  if (condition.length === 3 && (kind === 'eq' || kind === 'starts-with')) {
    if (typeof first === 'string' && first.startsWith('$')) {
      return [match(kind, first.slice(1), second)]
    }
  }
  throw invalid(`${JSON.stringify(condition)} is not a condition`)
}

function match(kind: 'eq' | 'starts-with', name: string, value: unknown): Condition {
  const field = name.toLowerCase()
  if (typeof value !== 'string') throw invalid(`the condition on ${name} needs a string`)
  const isExact = EXACT.includes(field) || /^x-cos-(?!meta-)/.test(field)
  if (kind !== 'eq' && isExact) throw invalid(`${name} can only be matched exactly`)
  return { kind, field, value }
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/**
 * Checks a form against its policy, all but the size. `fields` holds the resolved key. `now` in milliseconds.
 *
 * @throws CosError `AccessDenied`
 */
export function checkPostPolicy(
  { expiration, conditions }: PostPolicy,
  fields: FormFields,
  bucket: string,
  now: number,
): void {
  if (now > expiration) {
    const [then, time] = [expiration, now].map((ms) => Math.floor(ms / 1000))
    throw new CosError('AccessDenied', {
      message: `You post object request has been expired, expiration time: ${then} but the time now : ${time}`,
    })
  }
  for (const condition of conditions) {
    if (condition.kind === 'content-length-range') continue
    const { kind, field, value } = condition
    const actual = fieldOf(field, fields, bucket)
    const shown = (text = '') => (SECRET.includes(field) ? '***' : `"${text}"`)
    const holds = kind === 'eq' ? actual === value : actual?.startsWith(value)
    if (!holds) {
      throw new CosError('AccessDenied', {
        message: `Condition key ${field} doesn't match the value ${value}`,
        reason: `the policy wants ${field} ${kind} ${shown(value)}, the form has ${actual === undefined ? 'none' : shown(actual)}`,
      })
    }
  }
}

/** `bucket` is no field of the form, and `q-sign-time` is called `q-key-time` there. */
function fieldOf(name: string, fields: FormFields, bucket: string): string | undefined {
  if (name === 'bucket') return bucket
  return fields.get(name === 'q-sign-time' ? 'q-key-time' : name)
}

/** The sizes that a policy allows for the file, both ends inclusive. */
export function sizeRange({ conditions }: PostPolicy): { min: number; max: number } {
  const ranges = conditions.filter((one) => one.kind === 'content-length-range')
  return {
    min: Math.max(0, ...ranges.map(({ min }) => min)),
    max: Math.min(Infinity, ...ranges.map(({ max }) => max)),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('the policy is not JSON')
  }
}

function invalid(why: string): CosError {
  return new CosError('InvalidPolicyDocument', { message: `Invalid policy document: ${why}.` })
}
