import { once } from 'node:events'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { CosError } from '../cos/errors'
import { resourceOf } from '../cos/request'
import { pause, slowRequest, slowResponse } from '../cos/traffic-limit'
import type { RequestOutcome } from '../request-outcome'
import type { FaultKind, FaultOrder, Faults } from './faults'

/** A handler of requests; `refusal` makes it answer with that, at once. */
type Answer = (
  message: IncomingMessage,
  response: ServerResponse,
  refusal?: CosError,
) => Promise<RequestOutcome>

const DEFAULT_DELAY_MS = 3000

/** Puts the faults that were ordered around a handler of COS. */
export function injectFaults(answer: Answer, faults: Faults): Answer {
  return async (message, response) => {
    const request = { method: message.method ?? '', path: resourceOf(message) }
    const fault = faults.next(request)
    if (!fault) return answer(message, response)
    const outcome = await applyFault(fault, message, response, answer)
    const reason = [`the fault "${fault.kind}" was ordered`, outcome.reason]
    return { ...outcome, fault: fault.kind, reason: reason.filter(Boolean).join('; ') }
  }
}

async function applyFault(
  fault: FaultOrder,
  message: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): Promise<RequestOutcome> {
  switch (fault.kind) {
    case 'drop-before':
      message.socket.destroy()
      return { status: 0 }
    case 'drop-during':
      if (Number(message.headers['content-length'] ?? 0) > 0)
        return dropDuringBody(message, response)
      cutInHalf(response)
      return answer(message, response)
    case 'drop-after':
      return dropBeforeResponse(response, () => answer(message, response))
    case 'truncate':
      cutInHalf(response)
      return answer(message, response)
    case 'slow':
      return slowDown(fault, message, response, () => answer(message, response))
    default:
      return answer(message, response, refusalOf(fault.kind))
  }
}

type Refusing = Exclude<FaultKind, `drop-${string}` | 'truncate' | 'slow'>

function refusalOf(kind: Refusing) {
  switch (kind) {
    case 'expired':
      return new CosError('AccessDenied', { message: 'Request has expired' })
    case 'skew':
      return new CosError('RequestTimeTooSkewed')
    case '403':
      return new CosError('AccessDenied')
    case '404':
      return new CosError('NoSuchKey')
    case '503':
      return new CosError('ServiceUnavailable')
  }
}

/** Drops the connection when half of the request's body has come, and does nothing with it. */
async function dropDuringBody(
  message: IncomingMessage,
  response: ServerResponse,
): Promise<RequestOutcome> {
  let remaining = Number(message.headers['content-length']) / 2
  message.on('data', (chunk: Buffer) => {
    remaining -= chunk.length
    if (remaining <= 0) message.socket.destroy()
  })
  await once(response, 'close')
  return { status: 0 }
}

/** Drops the connection in place of the answer. */
async function dropBeforeResponse(
  response: ServerResponse,
  answer: () => Promise<RequestOutcome>,
): Promise<RequestOutcome> {
  const writeHead = response.writeHead.bind(response)
  response.writeHead = ((status: number, headers: OutgoingHttpHeaders) => {
    response.socket?.destroy()
    return writeHead(status, headers)
  }) as typeof response.writeHead
  const outcome = await answer()
  const reason = [outcome.reason, `the answer would have been ${outcome.status}`]
  return { ...outcome, status: 0, reason: reason.filter(Boolean).join('; ') }
}

/** Drops the connection after half of the body that `Content-Length` announces, or after the head. */
function cutInHalf(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response)
  const write = response.write.bind(response)
  let remaining = 0
  const drop = (): void => {
    response.flushHeaders()
    response.socket?.destroySoon()
  }
  const cut = (chunk: Buffer | string): boolean => {
    const part = Buffer.from(chunk).subarray(0, remaining)
    remaining -= part.length
    const more = part.length > 0 && write(part)
    if (remaining > 0) return more
    drop()
    return false
  }
  response.writeHead = ((status: number, headers: OutgoingHttpHeaders) => {
    remaining = Math.floor(Number(headers['Content-Length'] ?? 0) / 2)
    return writeHead(status, headers)
  }) as typeof response.writeHead
  response.write = cut as typeof response.write
  response.end = ((chunk?: Buffer | string) => {
    if (chunk !== undefined) cut(chunk)
    drop()
    return response
  }) as typeof response.end
}

/** Waits, and lets only so many bytes of the two bodies through in a second. */
async function slowDown(
  { delay, rate }: FaultOrder,
  message: IncomingMessage,
  response: ServerResponse,
  answer: () => Promise<RequestOutcome>,
): Promise<RequestOutcome> {
  if (rate !== undefined) {
    slowRequest(message, rate)
    slowResponse(response, rate)
  }
  const closed = once(response, 'close')
  await Promise.race([pause(delay ?? (rate === undefined ? DEFAULT_DELAY_MS : 0)), closed])
  const outcome = await answer()
  await closed
  return outcome
}
