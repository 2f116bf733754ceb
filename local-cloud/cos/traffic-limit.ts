import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { CosError } from './errors'
import type { Exchange } from './exchange'
import type { Attributes } from './object-metadata'
import { queryValue } from './request'

/**
 * Slows both bodies down to the speed that the request asks for: bit/s in a header, a parameter or a field of
 * a form (436/40140). Call it after the request is authorized.
 *
 * @throws CosError `InvalidArgument`
 */
export function limitTraffic({ request, response }: Exchange, attributes: Attributes): void {
  const limit = attributes['x-cos-traffic-limit'] ?? queryValue(request, 'x-cos-traffic-limit')
  if (limit === undefined) return
  if (!(Number(limit) >= 819_200 && Number(limit) <= 838_860_800)) {
    throw new CosError('InvalidArgument', {
      message: 'x-cos-traffic-limit must be between 819200 and 838860800.',
    })
  }
  slowRequest(request.message, Number(limit) / 8)
  slowResponse(response, Number(limit) / 8)
}

/**
 * Lets so many bytes of a request's body through in a second. Node's parser stops reading from the connection
 * while `push` returns false.
 */
export function slowRequest(message: IncomingMessage, rate: number): void {
  const push = message.push.bind(message)
  const later = queue(rate)
  message.push = (chunk: Buffer | null) => {
    later(chunk?.length ?? 0, () => push(chunk))
    return false
  }
}

/** Lets so many bytes of an answer's body through in a second. */
export function slowResponse(response: ServerResponse, rate: number): void {
  const [write, end] = [response.write.bind(response), response.end.bind(response)]
  const later = queue(rate)
  response.write = ((chunk: Buffer) => {
    later(chunk.length, () => {
      if (!response.destroyed && write(chunk)) response.emit('drain')
    })
    return false
  }) as typeof response.write
  response.end = ((chunk?: Buffer | string) => {
    later(chunk?.length ?? 0, () => {
      if (!response.destroyed) end(chunk)
    })
    return response
  }) as typeof response.end
}

/** Does one action after the other, each when its bytes would have come through. */
function queue(rate: number) {
  let last = Promise.resolve()
  return (bytes: number, action: () => void): void => {
    last = last.then(() => pause((bytes / rate) * 1000)).then(action)
  }
}

/** Does not keep the process alive. */
export function pause(milliseconds: number): Promise<void> {
  return setTimeout(milliseconds, undefined, { ref: false })
}
