import type { Answer } from './target'

/** @throws Error that tells the answer, unless it has this status and, where given, COS's code */
export function expectAnswer(what: string, answer: Answer, status: number, code?: string): void {
  if (answer.status === status && (code === undefined || answer.code === code)) return
  const expected = [status, code].filter(Boolean).join(' ')
  throw new Error(`${what}: expected ${expected}, got ${told(answer)}`)
}

/** For a refusal whose code nothing documents: the comparison shows it. */
export function expectRefusal(what: string, answer: Answer): void {
  if (answer.status >= 400 && answer.status < 500) return
  throw new Error(`${what}: expected a refusal, got ${told(answer)}`)
}

/** @throws Error unless both are equal; texts of both must hold no secret */
export function expectEqual(what: string, got: unknown, expected: unknown): void {
  if (got === expected) return
  throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`)
}

export function expectBytes(what: string, got: Buffer, expected: Buffer): void {
  if (got.equals(expected)) return
  throw new Error(`${what}: got ${got.length} bytes, not the ${expected.length} that went up`)
}

function told({ status, code, headers }: Answer): string {
  const requestId = headers.get('x-cos-request-id')
  return [status, code, requestId && `(request id ${requestId})`].filter(Boolean).join(' ')
}
