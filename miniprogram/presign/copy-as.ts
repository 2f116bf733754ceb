/** A request that is ready to be sent. */
export interface ReadyRequest {
  url: string
  method: string
  headers: Record<string, string>
  /** Of a PUT or POST. */
  body?: string | undefined
}

/** A curl command for a POSIX shell. It sends the headers given and no Content-Type of curl's own. */
export function toCurl({ url, method, headers, body }: ReadyRequest): string {
  const lines = Object.entries(headers).map(([name, value]) =>
    value === '' ? `${name};` : `${name}: ${value}`,
  )
  if (lacksType({ headers, body })) lines.push('Content-Type:')
  return [
    // With -X HEAD, curl would wait for a body that never comes.
    `curl ${method === 'HEAD' ? '--head' : `-X ${method}`} ${shellQuote(url)}`,
    ...lines.map((line) => `-H ${shellQuote(line)}`),
    ...(body === undefined ? [] : [`--data-raw ${shellQuote(body)}`]),
  ].join(' \\\n  ')
}

/** Whether its sender will set a type of its own; wx.request sets `application/json`. */
export function lacksType({ headers, body }: Pick<ReadyRequest, 'headers' | 'body'>): boolean {
  return body !== undefined && !Object.keys(headers).some((name) => /^content-type$/i.test(name))
}

/** The call of wx.request that sends it. */
export function toWxCode({ url, method, headers, body }: ReadyRequest): string {
  const header = Object.entries(headers).map(
    ([name, value]) => `    ${literal(name)}: ${literal(value)},`,
  )
  return [
    'wx.request({',
    `  url: ${literal(url)},`,
    `  method: ${literal(method)},`,
    header.length > 0 ? `  header: {\n${header.join('\n')}\n  },` : '  header: {},',
    ...(body === undefined ? [] : [`  data: ${literal(body)},`]),
    `  dataType: 'text',`,
    '  success: ({ statusCode, data }) => console.log(statusCode, data),',
    '  fail: ({ errMsg }) => console.error(errMsg),',
    '})',
  ].join('\n')
}

/** Nothing is special between single quotes but the quote itself. */
function shellQuote(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`
}

/** A JavaScript string in single quotes. */
function literal(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")
  return `'${escaped.replace(/[\u2028\u2029]/g, (mark) => (mark === '\u2028' ? '\\u2028' : '\\u2029'))}'`
}
