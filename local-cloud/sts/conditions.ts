import { BlockList, isIP } from 'node:net'
import { PolicyError, malformed } from './policy-error'

/**
 * The condition values of a request by condition key, `cos:content-length` for example. A list for what a
 * request can carry several of. What it does not carry is missing.
 */
export type ConditionContext = Readonly<Record<string, string | readonly string[] | undefined>>

export interface Condition {
  /** As written: `for_any_value:string_like_if_exist`. */
  operator: string
  key: string
  values: readonly string[]
}

/** The condition keys of COS (436/71307). A request to the local cloud never comes from a VPC or over TLS. */
const KEYS = [
  'qcs:ip',
  'qcs:request_tag',
  'vpc:requester_vpc',
  'cos:secure-transport',
  'cos:tls-version',
  'cos:content-length',
  'cos:content-type',
  'cos:x-cos-storage-class',
  'cos:x-cos-acl',
  'cos:versionid',
  'cos:prefix',
  'cos:response-content-type',
]

interface Operator {
  /** Compares a value of the request with one of the policy. */
  compare: (actual: string, wanted: string) => boolean
  /** What the values of a policy must look like, and what they are called. */
  values?: readonly [test: (value: string) => boolean, name: string]
  /** Holds only if it holds for every value of the policy. */
  negative?: true
}

const numbers = [(value: string) => /^\d+(\.\d+)?$/.test(value), 'numbers'] as const
const booleans = [(value: string) => /^(true|false)$/.test(value), 'true or false'] as const
const addresses = [(value: string) => networkOf(value) !== undefined, 'IP addresses'] as const

const numeric = (holds: (actual: number, wanted: number) => boolean): Operator => ({
  compare: (actual, wanted) => holds(Number(actual), Number(wanted)),
  values: numbers,
})

/** Source: 436/71307; the `ignore_case` ones are those of CAM (598/10608). */
const OPERATORS: Readonly<Record<string, Operator>> = {
  string_equal: { compare: (actual, wanted) => actual === wanted },
  string_not_equal: { compare: (actual, wanted) => actual !== wanted, negative: true },
  string_equal_ignore_case: {
    compare: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  },
  string_not_equal_ignore_case: {
    compare: (actual, wanted) => actual.toLowerCase() !== wanted.toLowerCase(),
    negative: true,
  },
  string_like: { compare: (actual, wanted) => matches(wanted, actual) },
  numeric_equal: numeric((actual, wanted) => actual === wanted),
  numeric_not_equal: { ...numeric((actual, wanted) => actual !== wanted), negative: true },
  numeric_less_than: numeric((actual, wanted) => actual < wanted),
  numeric_less_than_equal: numeric((actual, wanted) => actual <= wanted),
  numeric_greater_than: numeric((actual, wanted) => actual > wanted),
  numeric_greater_than_equal: numeric((actual, wanted) => actual >= wanted),
  bool_equal: { compare: (actual, wanted) => actual === wanted, values: booleans },
  ip_equal: { compare: isInNetwork, values: addresses },
  ip_not_equal: {
    compare: (actual, wanted) => !isInNetwork(actual, wanted),
    values: addresses,
    negative: true,
  },
}

/** Whether the key is missing: it looks at no value, so it has neither prefix nor suffix. */
const NULL_EQUAL = 'null_equal'

const OPERATOR_NAME = /^(for_all_value:|for_any_value:)?([a-z_]+?)(_if_exist)?$/

/**
 * Takes an operator apart.
 *
 * @throws PolicyError for one that is not known
 */
function parseOperator(operator: string) {
  const [, quantifier, name = '', ifExist] = OPERATOR_NAME.exec(operator) ?? []
  const known = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined
  if (!known) {
    throw new PolicyError('StrategyInvalid', `the condition operator "${operator}" is not known`)
  }
  return { ...known, quantifier, ifExist: ifExist !== undefined }
}

/**
 * Reads `{ key: value or values, … }` of one operator.
 *
 * @throws PolicyError
 */
export function parseConditions(operator: string, keys: Record<string, unknown>): Condition[] {
  const [isValid, name] =
    (operator === NULL_EQUAL ? booleans : parseOperator(operator).values) ?? []
  return Object.entries(keys).map(([key, value]) => {
    if (!KEYS.includes(key)) {
      throw new PolicyError('StrategyInvalid', `the condition key "${key}" is not known`)
    }
    const values = conditionValues(value, `${operator} ${key}`)
    if (isValid && !values.every(isValid)) {
      throw new PolicyError('StrategyInvalid', `the condition ${operator} ${key} needs ${name}`)
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

/** Whether a request meets a condition. A key that it does not carry: only with `_if_exist`. */
export function isMet({ operator, key, values }: Condition, context: ConditionContext): boolean {
  const actual = [context[key] ?? []].flat()
  if (operator === NULL_EQUAL) return values.includes(String(actual.length === 0))
  const { compare, negative, quantifier, ifExist } = parseOperator(operator)
  if (actual.length === 0) return ifExist
  const holds = (one: string) => {
    const test = (wanted: string) => compare(one, wanted)
    return negative ? values.every(test) : values.some(test)
  }
  // Without a quantifier a request has one value; of several, each must hold.
  return quantifier === 'for_any_value:' ? actual.some(holds) : actual.every(holds)
}

/** Whether a text matches a pattern in which `*` stands for any characters. Linear in both lengths. */
export function matches(pattern: string, text: string): boolean {
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

interface Network {
  address: string
  bits: number
  family: 'ipv4' | 'ipv6'
}

/** Reads `10.217.182.3`, `10.217.182.3/24` or the same with IPv6. `undefined` when it is none. */
function networkOf(text: string): Network | undefined {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  const maxBits = version === 4 ? 32 : 128
  const bits = Number(length ?? maxBits)
  if (version === 0 || bits > maxBits) return undefined
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' }
}

function isInNetwork(address: string, network: string): boolean {
  const wanted = networkOf(network)
  // A BlockList would find every IPv4 address in `::/0`.
  if (!wanted || networkOf(address)?.family !== wanted.family) return false
  const list = new BlockList()
  list.addSubnet(wanted.address, wanted.bits, wanted.family)
  return list.check(address, wanted.family)
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
