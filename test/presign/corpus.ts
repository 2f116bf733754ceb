import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { explain, presignedUrl } from '../../miniprogram/cos'
import { NO_EVIDENCE, type Evidence } from '../../miniprogram/presign/diagnose'

/**
 * What people paste, rewritten from public reports with made-up names and keys, and what the
 * inspector must say. Each stands for a kind.
 */
export interface Paste {
  name: string
  evidence: Partial<Evidence>
  expected: {
    /** Of the signature. */
    suspicions?: string[]
    never?: string[]
    kind?: string
    /** The causes of the differences, in their order. */
    causes?: string[]
    field?: string
    candidates?: string[]
    code?: string
    message?: string
    requestId?: string
    resource?: string
    formatString?: string
    isRestored?: boolean
    lacksBlankLine?: boolean
    isDamaged?: boolean
    sentMethod?: string
    foreign?: string
    /** The paste cannot be read as a signature. */
    hasProblem?: boolean
    isSigned?: boolean
  }
}

const NOW = 1_700_000_000
export const KEY = { SecretId: 'AKIDEXAMPLE', SecretKey: 'example-secret-key' }
const BUCKET = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing' }
export const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'
const REQUEST_ID = 'NjU1M2YxMDBfNzFiNDBiMDlfMmE3ZmJfODQ1'
const TRACE_ID = 'OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAx'

export const sign = (params: object = {}, key: object = {}) =>
  presignedUrl({ ...KEY, ...key }, { ...BUCKET, Key: 'a.txt', ...params }, () => NOW * 1000)

/** The HttpString of a URL as a right signer has it. */
const httpString = (url: string, Method = 'GET', Headers: Record<string, string> = {}) =>
  explain(url, { Method, Headers }).HttpString

const escapeXml = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** SHA-1 of what COS received, as its StringToSign has it. */
export function stringToSignOf(formatString: string): string {
  const digest = createHash('sha1').update(formatString).digest('hex')
  return `sha1\n${NOW - 1};${NOW + 899}\n${digest}\n`
}

/** The fields of a 403, in COS's order. */
function mismatch(formatString: string): Record<string, string> {
  return {
    Code: 'SignatureDoesNotMatch',
    Message: 'The Signature you specified is invalid.',
    StringToSign: stringToSignOf(formatString),
    FormatString: formatString,
    Resource: '/a.txt',
    RequestId: REQUEST_ID,
    TraceId: TRACE_ID,
  }
}

/** An error document as COS writes it. */
export const xml = (fields: Record<string, string>) =>
  `<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n${Object.entries(fields)
    .map(([name, value]) => `\t<${name}>${escapeXml(value)}</${name}>\n`)
    .join('')}</Error>\n`

const refused = (formatString: string) => xml(mismatch(formatString))

const error = (Code: string, Message = '', more: Record<string, string> = {}) =>
  xml({ Code, Message, Resource: '/a.txt', RequestId: REQUEST_ID, TraceId: TRACE_ID, ...more })

/** Line feeds become spaces, and runs of them one: what a browser makes of XML. */
const collapsed = (text: string) => text.replace(/\s+/g, ' ')

const get = sign()
const GET = httpString(get)
const put = sign({ Method: 'PUT' })
const PUT = httpString(put, 'PUT')
const custom = sign({ Domain: 'img.example.com' })
const CUSTOM = httpString(custom)
const quoted = sign({ Key: `it's "a".txt` })
const QUOTED = httpString(quoted)
const braces = sign({ Key: 'x{1} (2), y=3.txt' })
const BRACES = httpString(braces)
const chinese = sign({ Key: 'home/报告.pdf' })
const CHINESE = httpString(chinese)
const spaced = sign({ Key: '照片/a b+c.jpg' })
const SPACED = httpString(spaced)
const typed = sign({ Method: 'PUT', Headers: { 'Content-Type': 'image/png' } })
const TYPED = httpString(typed, 'PUT', { 'Content-Type': 'image/png' })
const acl = sign({
  Method: 'PUT',
  Headers: { 'Content-Type': 'image/png', 'x-cos-acl': 'private' },
})
const ACL = httpString(acl, 'PUT', { 'Content-Type': 'image/png', 'x-cos-acl': 'private' })
const query = sign({ Query: { 'response-content-type': 'text/plain' } })
const QUERY = httpString(query)
const disposition = sign({
  Key: 'home/报告.pdf',
  Headers: { 'Content-Disposition': 'attachment; filename="a.pdf"' },
})
const DISPOSITION = httpString(disposition, 'GET', {
  'Content-Disposition': 'attachment; filename="a.pdf"',
})

const authorization = decodeURIComponent(get.replace(/^.*?\?/, ''))

const curlVerbose = (url: string, method: string, body: string) => {
  const { pathname, search } = new URL(url)
  return `*   Trying 203.0.113.7:443...
* Connected to ${HOST} (203.0.113.7) port 443
> ${method} ${pathname}${search} HTTP/1.1
> Host: ${HOST}
> User-Agent: curl/8.5.0
> Accept: */*
> Content-Type: image/jpeg
>
< HTTP/1.1 403 Forbidden
< Content-Type: application/xml
< Server: tencent-cos
< x-cos-request-id: ${REQUEST_ID}
<
${body}* Connection #0 to host left intact`
}

const inspected = (formatString: string) => `{
  error: {
    Code: 'SignatureDoesNotMatch',
    Message: 'The Signature you specified is invalid.',
    StringToSign: '${stringToSignOf(formatString).replace(/\n/g, '\\n')}',
    FormatString: '${formatString.split('\n').join("\\n' +\n      '")}',
    Resource: '/a.txt',
    RequestId: '${REQUEST_ID}',
    TraceId: '${TRACE_ID}'
  },
  statusCode: 403,
  headers: { 'content-type': 'application/xml', server: 'tencent-cos' }
}`

const MISMATCH = { code: 'SignatureDoesNotMatch', requestId: REQUEST_ID, resource: '/a.txt' }

export const PASTES: Paste[] = [
  // Verdicts by evidence
  {
    name: 'nothing differs: no verdict on the key, but candidates',
    evidence: { request: get, answer: refused(GET) },
    expected: {
      kind: 'SAME_SO_FAR',
      candidates: ['METHOD_UNKNOWN', 'PATH_SIGNED', 'LISTS_SIGNED', 'SECRET_KEY'],
    },
  },
  {
    name: 'nothing differs, the signed method is known: still candidates',
    evidence: { request: get, answer: refused(GET), signedMethod: 'GET' },
    expected: { kind: 'SAME_SO_FAR', candidates: ['PATH_SIGNED', 'LISTS_SIGNED', 'SECRET_KEY'] },
  },
  {
    name: 'the HttpString of the signer equals the FormatString: only now it is the key',
    evidence: { request: get, answer: refused(GET), httpString: GET },
    expected: { kind: 'SAME', candidates: [] },
  },
  {
    name: 'the HttpString of the signer was trimmed in copying: whether it ends with a line feed is not known',
    evidence: { request: get, answer: refused(GET), httpString: GET.trim() },
    expected: { kind: 'SAME_LINES', candidates: [] },
  },
  {
    name: 'the HttpString of the signer is equal, but its time is in milliseconds',
    evidence: {
      request: get.replace(/(\d{10})%3B(\d{10})/g, '$1000%3B$2000'),
      answer: refused(GET).replace(/(\d{10});(\d{10})/g, '$1000;$2000'),
      httpString: GET,
    },
    expected: { kind: 'SHARED', suspicions: ['MILLISECONDS'] },
  },
  {
    name: 'the HttpString of the signer has an encoded path',
    evidence: {
      request: chinese,
      answer: refused(CHINESE),
      httpString: CHINESE.replace('报告', encodeURIComponent('报告')),
    },
    expected: { kind: 'DIFFERENT', causes: ['ENCODED_TWICE'] },
  },
  {
    name: 'the HttpString of the signer lacks the slash',
    evidence: { request: get, answer: refused(GET), httpString: GET.replace('/a.txt', 'a.txt') },
    expected: { kind: 'DIFFERENT', causes: ['PATH_SLASH'] },
  },
  {
    name: 'the HttpString of the signer has the bucket in its path',
    evidence: {
      request: get,
      answer: refused(GET),
      httpString: GET.replace('/a.txt', '/examplebucket-1250000000/a.txt'),
    },
    expected: { kind: 'DIFFERENT', causes: ['PATH_BUCKET'] },
  },
  {
    name: 'signed for GET and sent with PUT: what was sent is known, what was signed is not',
    evidence: { request: get, answer: refused(GET.replace('get', 'put')) },
    expected: {
      kind: 'SAME_SO_FAR',
      sentMethod: 'PUT',
      candidates: ['METHOD_UNKNOWN', 'PATH_SIGNED', 'LISTS_SIGNED', 'SECRET_KEY'],
    },
  },
  {
    name: 'signed for GET and sent with PUT, as the person says',
    evidence: { request: get, answer: refused(GET.replace('get', 'put')), signedMethod: 'GET' },
    expected: { kind: 'DIFFERENT', causes: ['METHOD'] },
  },
  {
    name: 'that it was sent with PUT says nothing about what was signed',
    evidence: { request: get, answer: refused(GET.replace('get', 'put')), sentMethod: 'PUT' },
    expected: { kind: 'SAME_SO_FAR' },
  },
  {
    name: 'a signed header was not sent: FormatString shows it empty',
    evidence: {
      request: disposition,
      answer: refused(DISPOSITION.replace(/content-disposition=[^&]*/, 'content-disposition=')),
    },
    expected: { kind: 'DIFFERENT', causes: ['NOT_SENT'], field: 'content-disposition' },
  },
  {
    name: 'a signed header was not sent: FormatString leaves it out',
    evidence: {
      request: disposition,
      answer: refused(DISPOSITION.replace(/content-disposition=[^&]*&/, '')),
    },
    expected: { kind: 'DIFFERENT', causes: ['NOT_SENT'], field: 'content-disposition' },
  },
  {
    name: 'of two signed headers one was not sent; the value of the other is unknown',
    evidence: { request: acl, answer: refused(ACL.replace('x-cos-acl=private', 'x-cos-acl=')) },
    expected: { kind: 'DIFFERENT', causes: ['NOT_SENT', 'NOT_KNOWN'], field: 'x-cos-acl' },
  },
  {
    name: 'the only unknown is the value of a header',
    evidence: { request: typed, answer: refused(TYPED), signedMethod: 'PUT' },
    expected: {
      kind: 'DIFFERENT',
      causes: ['NOT_KNOWN'],
      candidates: ['PATH_SIGNED', 'LISTS_SIGNED', 'SECRET_KEY'],
    },
  },
  {
    name: 'the value is typed, and differs',
    evidence: {
      request: typed,
      answer: refused(TYPED.replace('image%2Fpng', 'image%2Fjpeg')),
      signedHeaders: 'Content-Type: image/png',
    },
    expected: { kind: 'DIFFERENT', causes: ['TYPE_CHANGED'] },
  },
  {
    name: 'a library extends the type',
    evidence: {
      request: typed,
      answer: refused(TYPED.replace('image%2Fpng', 'image%2Fpng%3Bcharset%3Dutf-8')),
      signedHeaders: 'Content-Type: image/png',
    },
    expected: { kind: 'DIFFERENT', causes: ['TYPE_EXTENDED'] },
  },
  {
    name: 'mistakes that both sides share',
    evidence: {
      request: sign({ Query: { 'a/b': '1' } }).replace('%252f', '%2F'),
      answer: refused(httpString(sign({ Query: { 'a/b': '1' } }).replace('%252f', '%2F'))),
    },
    expected: { kind: 'SHARED', suspicions: ['LIST_ENCODED_ONCE'] },
  },
  {
    name: 'the 403 of another signature',
    evidence: { request: sign({ Expires: 60 }), answer: refused(GET) },
    expected: { kind: 'OTHER_TIME' },
  },
  {
    name: 'another host',
    evidence: { request: get, answer: refused(GET.replace(HOST, 'cdn.example.com')) },
    expected: { kind: 'DIFFERENT', causes: ['HOST'] },
  },
  {
    name: 'another host, and another path: both are named',
    evidence: {
      request: get,
      answer: refused(GET.replace(HOST, 'cdn.example.com').replace('a.txt', 'b.txt')),
    },
    expected: { kind: 'DIFFERENT', causes: ['PATH', 'HOST'] },
  },
  {
    name: 'a parameter was lost on its way',
    evidence: { request: query, answer: refused(QUERY.replace('text%2Fplain', '')) },
    expected: { kind: 'DIFFERENT', causes: ['NOT_SENT'], field: 'response-content-type' },
  },
  {
    name: 'a URL encoded once more: the key is received encoded',
    evidence: {
      request: chinese,
      answer: refused(CHINESE.replace('报告', encodeURIComponent('报告'))),
    },
    expected: { kind: 'DIFFERENT', causes: ['ENCODED_TWICE'] },
  },

  // FormatString whose white space was destroyed
  {
    name: 'the 403 from a browser: line feeds have become spaces',
    evidence: { request: get, answer: collapsed(refused(GET)) },
    expected: { ...MISMATCH, formatString: GET, isRestored: true },
  },
  {
    name: 'spaces for line feeds, a signed header that was not sent, Chinese',
    evidence: {
      request: disposition,
      answer: collapsed(
        refused(DISPOSITION.replace(/content-disposition=[^&]*/, 'content-disposition=')),
      ),
    },
    expected: { kind: 'DIFFERENT', causes: ['NOT_SENT'], isRestored: true },
  },
  {
    name: 'spaces for line feeds, without the URL',
    evidence: { answer: collapsed(refused(CHINESE)) },
    expected: { ...MISMATCH, formatString: CHINESE },
  },
  {
    name: 'spaces for line feeds, and a space in the key',
    evidence: { request: spaced, answer: collapsed(refused(SPACED)) },
    expected: { ...MISMATCH, formatString: SPACED },
  },
  {
    name: 'Chrome, with its heading and tree',
    evidence: {
      answer: `This XML file does not appear to have any style information associated with it. The document tree is shown below.\n${collapsed(refused(CHINESE)).replace(/> </g, '>\n<').replace('<Error>', '-<Error>')}`,
    },
    expected: { ...MISMATCH, formatString: CHINESE },
  },
  {
    name: 'Safari, which shows no tags',
    evidence: { answer: collapsed(refused(CHINESE).replace(/<[^>]*>/g, ' ')) },
    expected: { code: 'SignatureDoesNotMatch', formatString: CHINESE, requestId: REQUEST_ID },
  },
  {
    name: 'the blank line of the parameters was lost',
    evidence: {
      answer: xml({
        ...mismatch(TYPED),
        FormatString: TYPED.replace('\n\n', '\n'),
      }),
    },
    expected: { ...MISMATCH, formatString: TYPED, lacksBlankLine: true },
  },
  {
    name: 'the blank line was lost, and the host is another one',
    evidence: {
      request: sign({
        Method: 'PUT',
        Key: 'js_bundles/main.js',
        Headers: { 'x-cos-meta-fileid': 'f1' },
      }),
      answer: xml({
        Code: 'SignatureDoesNotMatch',
        FormatString:
          'put\n/js_bundles/main.js\nhost=b-1250000000.cos.ap-shanghai.myqcloud.com&x-cos-meta-fileid=f1\n',
      }),
    },
    expected: { kind: 'DIFFERENT', causes: ['HOST', 'NOT_KNOWN'], lacksBlankLine: true },
  },
  {
    name: 'all line feeds are doubled',
    evidence: { answer: xml({ ...mismatch(TYPED), FormatString: TYPED.replace(/\n/g, '\n\n') }) },
    expected: { ...MISMATCH, formatString: TYPED, isRestored: true },
  },
  {
    name: 'ends are trimmed',
    evidence: { request: get, answer: xml({ ...mismatch(GET), FormatString: GET.trim() }) },
    expected: { kind: 'SAME_SO_FAR', formatString: GET },
  },
  {
    name: 'ends are trimmed, no header is signed',
    evidence: {
      answer: xml({ ...mismatch('put\n/a b.jpg\n\n\n'), FormatString: 'put\n/a b.jpg' }),
    },
    expected: { formatString: 'put\n/a b.jpg\n\n\n' },
  },
  {
    name: 'tabs for line feeds, as from a table',
    evidence: { request: query, answer: refused(QUERY).replace(/\n/g, '\t') },
    expected: { ...MISMATCH, formatString: QUERY },
  },
  {
    name: 'the two characters \\n for a line feed',
    evidence: { request: get, answer: refused(GET).replace(/\n/g, '\\n') },
    expected: { ...MISMATCH, formatString: GET },
  },
  {
    name: 'no white space at all, with the URL',
    evidence: { request: query, answer: refused(QUERY).replace(/(?<!sha1)(?<!\d{10})\n/g, '') },
    expected: { code: 'SignatureDoesNotMatch', formatString: QUERY },
  },
  {
    name: 'line feeds as entities',
    evidence: { answer: refused(GET).replace(/\n/g, '&#10;') },
    expected: { ...MISMATCH, formatString: GET },
  },
  {
    name: 'indented lines',
    evidence: { answer: refused(QUERY).replace(/\n/g, '\n    ') },
    expected: { ...MISMATCH, formatString: QUERY },
  },
  {
    name: 'a copy that is cut short says so',
    evidence: {
      request: chinese,
      answer: xml({ ...mismatch(CHINESE), FormatString: CHINESE.replace('报告', '报') }),
    },
    expected: { kind: 'DIFFERENT', isDamaged: true },
  },
  {
    name: 'a document that ends in the middle',
    evidence: { answer: refused(GET).slice(0, 180) },
    expected: { code: 'SignatureDoesNotMatch', message: 'The Signature you specified is invalid.' },
  },

  // What SDKs and logs print
  {
    name: 'JSON',
    evidence: { request: get, answer: JSON.stringify({ error: mismatch(GET), statusCode: 403 }) },
    expected: { ...MISMATCH, formatString: GET, kind: 'SAME_SO_FAR' },
  },
  {
    name: 'JSON in JSON',
    evidence: { answer: JSON.stringify({ body: JSON.stringify(mismatch(GET)) }) },
    expected: { ...MISMATCH, formatString: GET },
  },
  {
    name: 'XML in JSON',
    evidence: { answer: JSON.stringify({ statusCode: 403, data: refused(GET) }) },
    expected: { ...MISMATCH, formatString: GET },
  },
  {
    name: 'what Node prints of an object',
    evidence: { request: chinese, answer: inspected(CHINESE) },
    expected: { ...MISMATCH, formatString: CHINESE },
  },
  {
    name: 'HTML',
    evidence: { answer: escapeXml(refused(TYPED)) },
    expected: { ...MISMATCH, formatString: TYPED },
  },
  {
    name: 'Go, one line, with the URL in it',
    evidence: {
      answer: `GET ${get}: 403 SignatureDoesNotMatch(Message: The Signature you specified is invalid., RequestId: ${REQUEST_ID}, TraceId: ${TRACE_ID})`,
    },
    expected: {
      code: 'SignatureDoesNotMatch',
      message: 'The Signature you specified is invalid.',
      requestId: REQUEST_ID,
      isSigned: true,
      sentMethod: 'GET',
    },
  },
  {
    name: 'Java, one line',
    evidence: {
      answer: `com.qcloud.cos.exception.CosServiceException: Access Denied. (Status Code: 403; Error Code: AccessDenied; Request ID: ${REQUEST_ID}; Trace ID: ${TRACE_ID})\n\tat com.qcloud.cos.http.DefaultCosHttpClient.handleErrorResponse(DefaultCosHttpClient.java:120)`,
    },
    expected: { code: 'AccessDenied', message: 'Access Denied.', requestId: REQUEST_ID },
  },
  {
    name: 'Python, a dictionary in a stack trace',
    evidence: {
      answer: `Traceback (most recent call last):\n  File "up.py", line 7\nqcloud_cos.cos_exception.CosServiceError: {'code': 'AccessDenied', 'message': 'Access Denied.', 'resource': '/a.txt', 'requestid': '${REQUEST_ID}', 'traceid': '${TRACE_ID}'}`,
    },
    expected: {
      code: 'AccessDenied',
      message: 'Access Denied.',
      requestId: REQUEST_ID,
      resource: '/a.txt',
    },
  },
  {
    name: 'PHP, one line',
    evidence: {
      answer: `PHP Fatal error: Uncaught Qcloud\\Cos\\Exception\\ServiceResponseException: Cos Error Code: SignatureDoesNotMatch, Status Code: 403, Cos Request ID: ${REQUEST_ID}, Cos Error Type: client, Cos Error Message: The Signature you specified is invalid., User-Agent: cos-php-sdk-v5.2.6.3`,
    },
    expected: {
      code: 'SignatureDoesNotMatch',
      message: 'The Signature you specified is invalid.',
      requestId: REQUEST_ID,
    },
  },
  {
    name: 'iOS, an NSError',
    evidence: {
      answer: `Error Domain=com.tencent.qcloud.networking Code=40301 "(null)" UserInfo={Code = SignatureDoesNotMatch;\n    FormatString = "${CHINESE.replace(/报告/, '\\U62a5\\U544a').replace(/\n/g, '\\n')}";\n    Message = "The Signature you specified is invalid.";\n    RequestId = "${REQUEST_ID}";\n    Resource = "/a.txt";\n}`,
    },
    expected: { ...MISMATCH, formatString: CHINESE },
  },
  {
    name: 'curl -v, request and response in one paste',
    evidence: { request: curlVerbose(get, 'PUT', refused(GET.replace('get', 'put'))) },
    expected: { ...MISMATCH, kind: 'SAME_SO_FAR', sentMethod: 'PUT', isSigned: true },
  },
  {
    name: 'the browser’s headers panel',
    evidence: {
      request: `Request URL: ${get}\nRequest Method: PUT\nStatus Code: 403 Forbidden`,
    },
    expected: { sentMethod: 'PUT', isSigned: true },
  },
  {
    name: 'a curl command',
    evidence: {
      request: `curl -X PUT -H 'Content-Type: image/png' --data-binary @a.png '${typed}'`,
    },
    expected: { sentMethod: 'PUT', isSigned: true },
  },
  {
    name: 'curl -T is a PUT',
    evidence: { request: `curl -T a.png "${typed}"` },
    expected: { sentMethod: 'PUT', isSigned: true },
  },
  {
    name: 'a raw request with an Authorization: its address is known',
    evidence: {
      request: `GET /a.txt HTTP/1.1\r\nHost: ${HOST}\r\nAuthorization: ${authorization}\r\n\r\n`,
      answer: refused(GET.replace(HOST, 'cdn.example.com')),
    },
    expected: { kind: 'DIFFERENT', causes: ['HOST'], sentMethod: 'GET' },
  },

  {
    name: 'Safari, with nothing between the elements',
    evidence: { answer: refused(CHINESE).replace(/<[^>]*>\s*/g, '') },
    expected: { code: 'SignatureDoesNotMatch', formatString: CHINESE },
  },
  {
    name: 'bytes as Python prints them',
    evidence: {
      answer: `b'${refused(CHINESE)
        .replace(/\n/g, '\\n')
        .replace(/[\u0080-\uffff]/g, (character) =>
          [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16)}`).join(''),
        )}'`,
    },
    expected: { ...MISMATCH, formatString: CHINESE },
  },
  {
    name: 'a map as Java prints it',
    evidence: {
      answer: `{${Object.entries(mismatch(CHINESE))
        .map(([name, value]) => `${name}=${value}`)
        .join(', ')}}`,
    },
    expected: { ...MISMATCH, formatString: CHINESE },
  },
  {
    name: 'a log of containers, its name before each line',
    evidence: { answer: refused(GET).trim().replace(/^/gm, 'app-1  | ') },
    expected: { ...MISMATCH, formatString: GET },
  },
  {
    name: 'only the FormatString',
    evidence: { request: get, answer: GET },
    expected: { code: 'SignatureDoesNotMatch', kind: 'SAME_SO_FAR', formatString: GET },
  },
  {
    name: 'a URL without https://',
    evidence: { request: get.replace('https://', ''), answer: refused(GET) },
    expected: { kind: 'SAME_SO_FAR', isSigned: true },
  },
  {
    name: 'curl for the Windows command line',
    evidence: { request: `curl "${get.replace(/&/g, '^&')}"`, answer: refused(GET) },
    expected: { kind: 'SAME_SO_FAR', isSigned: true },
  },
  {
    name: 'a call of Python',
    evidence: { request: `requests.put("${get}", data=f)` },
    expected: { sentMethod: 'PUT', isSigned: true },
  },
  {
    name: 'a URL that was encoded twice',
    evidence: { request: encodeURIComponent(encodeURIComponent(get)) },
    expected: { suspicions: ['ENCODED_WHOLE'], isSigned: true },
  },

  {
    name: 'Go, one line without the signature: the method is known',
    evidence: {
      request: put,
      answer: `2023/11/15 06:13:20 PUT https://${HOST}/a.txt: 403 SignatureDoesNotMatch(Message: The Signature you specified is invalid., RequestId: ${REQUEST_ID}, TraceId: ${TRACE_ID})`,
    },
    expected: { code: 'SignatureDoesNotMatch', requestId: REQUEST_ID, sentMethod: 'PUT' },
  },
  {
    name: 'Go, a struct',
    evidence: {
      answer: `&{XMLName:{Space: Local:Error} Code:AccessDenied Message:Access Denied. Resource:/a.txt RequestID:${REQUEST_ID} TraceID:${TRACE_ID}}`,
    },
    expected: {
      code: 'AccessDenied',
      message: 'Access Denied.',
      resource: '/a.txt',
      requestId: REQUEST_ID,
    },
  },
  {
    name: 'PHP, Guzzle, its URL and body cut short',
    evidence: {
      answer: `Client error: \`PUT https://${HOST}/a.txt?q-sign-algorithm=sha1&q-ak=AKIDEXAMPLE\` resulted in a \`403 Forbidden\` response:\n${refused(GET).slice(0, 120)} (truncated...)\n`,
    },
    expected: { code: 'SignatureDoesNotMatch', sentMethod: 'PUT', hasProblem: true },
  },
  {
    name: 'C++, names of its own',
    evidence: {
      answer: `HttpStatus=403, ErrorCode=AccessDenied, ErrorMsg=Access Denied., ResourceAddr=/a.txt, XCosRequestId=${REQUEST_ID}, XCosTraceId=${TRACE_ID}`,
    },
    expected: { code: 'AccessDenied', message: 'Access Denied.', requestId: REQUEST_ID },
  },
  {
    name: 'boto3, one line',
    evidence: {
      answer:
        'botocore.exceptions.ClientError: An error occurred (SignatureDoesNotMatch) when calling the PutObject operation: The Signature you specified is invalid.',
    },
    expected: {
      code: 'SignatureDoesNotMatch',
      message: 'The Signature you specified is invalid.',
    },
  },
  {
    name: 'an XML parser of Node: each value in an array',
    evidence: {
      answer: `{ Error:\n   { Code: [ 'SignatureDoesNotMatch' ],\n     Message: [ 'The Signature you specified is invalid.' ],\n     FormatString: [ '${GET.replace(/\n/g, '\\n')}' ],\n     Resource: [ '/a.txt' ],\n     RequestId: [ '${REQUEST_ID}' ] } }`,
    },
    expected: {
      ...MISMATCH,
      message: 'The Signature you specified is invalid.',
      formatString: GET,
    },
  },
  {
    name: 'an XML parser of Node: each value in an object',
    evidence: {
      answer: JSON.stringify({
        Error: { Code: { _text: 'AccessDenied' }, Message: { _text: 'Access Denied.' } },
      }),
    },
    expected: { code: 'AccessDenied', message: 'Access Denied.' },
  },
  {
    name: 'JSON in JSON in JSON',
    evidence: {
      answer: JSON.stringify({ log: JSON.stringify({ body: JSON.stringify(mismatch(CHINESE)) }) }),
    },
    expected: { ...MISMATCH, formatString: CHINESE },
  },
  {
    name: 'names with underscores',
    evidence: {
      request: get,
      answer: JSON.stringify({
        error_code: 'SignatureDoesNotMatch',
        format_string: GET,
        request_id: REQUEST_ID,
      }),
    },
    expected: { kind: 'SAME_SO_FAR', requestId: REQUEST_ID, formatString: GET },
  },
  {
    name: 'a console that shows line feeds as arrows',
    evidence: {
      answer: `{error: {Code: "SignatureDoesNotMatch", FormatString: "${GET.replace(/\n/g, '↵')}"}}`,
    },
    expected: { code: 'SignatureDoesNotMatch', formatString: GET },
  },
  {
    name: 'Firefox, which gives each value lines of its own',
    evidence: {
      answer: `-\n<Error>\n<Code>\nSignatureDoesNotMatch\n</Code>\n<Message>\nThe Signature you specified is invalid.\n</Message>\n<FormatString>\n${escapeXml(collapsed(QUERY))}\n</FormatString>\n</Error>`,
    },
    expected: {
      code: 'SignatureDoesNotMatch',
      message: 'The Signature you specified is invalid.',
      formatString: QUERY,
    },
  },
  {
    name: 'a view of the source with the numbers of its lines',
    evidence: {
      answer: refused(GET)
        .split('\n')
        .map((line, i) => `${i + 1}\t${line}`)
        .join('\n'),
    },
    expected: { ...MISMATCH, formatString: GET },
  },
  {
    name: 'the element FormatString alone',
    evidence: { request: get, answer: `<FormatString>${GET}</FormatString>` },
    expected: { code: 'SignatureDoesNotMatch', kind: 'SAME_SO_FAR', formatString: GET },
  },
  {
    name: '<br> for line feeds',
    evidence: {
      request: query,
      answer: `<Error><Code>SignatureDoesNotMatch</Code><FormatString>${QUERY.replace(/\n/g, '<br/>')}</FormatString></Error>`,
    },
    expected: { kind: 'SAME_SO_FAR', formatString: QUERY },
  },
  {
    name: 'CDATA',
    evidence: {
      request: acl,
      answer: `<Error><Code>SignatureDoesNotMatch</Code><FormatString><![CDATA[${ACL}]]></FormatString></Error>`,
    },
    expected: { formatString: ACL },
  },
  {
    name: 'entities of entities',
    evidence: { answer: refused(ACL).replace(/&amp;/g, '&amp;amp;') },
    expected: { ...MISMATCH, formatString: ACL },
  },
  {
    name: 'a quoted mail, with the URL in two lines',
    evidence: {
      request: `> ${get.slice(0, 90)}\n> ${get.slice(90)}`,
      answer: refused(GET).replace(/^/gm, '> '),
    },
    expected: { kind: 'SAME_SO_FAR', isSigned: true, formatString: GET },
  },
  {
    name: 'a line of an access log',
    evidence: {
      request: `203.0.113.5 - - [15/Nov/2023:06:13:20 +0800] "PUT ${put.replace(/^https:\/\/[^/]*/, '')} HTTP/1.1" 403 512 "-" "okhttp/4.9"`,
    },
    expected: { sentMethod: 'PUT', isSigned: true },
  },
  {
    name: 'wget',
    evidence: { request: `wget -O a.txt '${get}'` },
    expected: { sentMethod: 'GET', isSigned: true },
  },
  {
    name: 'a key with a raw % that begins no escape',
    evidence: { request: get.replace('a.txt', '100%.txt'), answer: refused(GET) },
    expected: { ...MISMATCH, hasProblem: true, isSigned: true },
  },

  {
    name: 'Node, a key with both kinds of quotes',
    evidence: { request: quoted, answer: inspect({ error: mismatch(QUOTED) }) },
    expected: { ...MISMATCH, kind: 'SAME_SO_FAR', formatString: QUOTED },
  },
  {
    name: 'JSON, a key with quotes',
    evidence: { request: quoted, answer: JSON.stringify(mismatch(QUOTED)) },
    expected: { ...MISMATCH, kind: 'SAME_SO_FAR', formatString: QUOTED },
  },
  {
    name: 'a map of Java, a key with brackets and commas',
    evidence: {
      request: braces,
      answer: `{${Object.entries(mismatch(BRACES))
        .map(([name, value]) => `${name}=${value}`)
        .join(', ')}}`,
    },
    expected: { ...MISMATCH, kind: 'SAME_SO_FAR', formatString: BRACES },
  },
  {
    name: 'an exception of Java with a map in it',
    evidence: {
      request: get,
      answer: `CosServiceException{errorCode='SignatureDoesNotMatch', requestId='${REQUEST_ID}', additionalDetails={FormatString=${GET}, Resource=/a.txt}, statusCode=403}`,
    },
    expected: { ...MISMATCH, kind: 'SAME_SO_FAR', formatString: GET },
  },
  {
    name: 'YAML',
    evidence: {
      request: query,
      answer: `Error:\n  Code: SignatureDoesNotMatch\n  FormatString: |\n${QUERY.replace(/^(?=.)/gm, '    ')}  Resource: /a.txt\n  RequestId: ${REQUEST_ID}\n`,
    },
    expected: { ...MISMATCH, kind: 'SAME_SO_FAR', formatString: QUERY },
  },
  {
    name: 'PHP, print_r',
    evidence: {
      request: get,
      answer: `Array\n(\n    [Code] => SignatureDoesNotMatch\n    [Message] => The Signature you specified is invalid.\n    [FormatString] => ${GET}\n    [Resource] => /a.txt\n    [RequestId] => ${REQUEST_ID}\n)\n`,
    },
    expected: { ...MISMATCH, kind: 'SAME_SO_FAR', formatString: GET },
  },
  {
    name: 'PHP, var_dump',
    evidence: {
      request: get,
      answer: `array(2) {\n  ["Code"]=>\n  string(21) "SignatureDoesNotMatch"\n  ["FormatString"]=>\n  string(72) "${GET}"\n}`,
    },
    expected: { code: 'SignatureDoesNotMatch', kind: 'SAME_SO_FAR', formatString: GET },
  },
  {
    name: 'Rust',
    evidence: {
      request: get,
      answer: `Err(CosError { code: "SignatureDoesNotMatch", request_id: "${REQUEST_ID}", format_string: Some(${JSON.stringify(GET)}) })`,
    },
    expected: { kind: 'SAME_SO_FAR', requestId: REQUEST_ID, formatString: GET },
  },
  {
    name: 'Swift',
    evidence: {
      answer: `Code = Optional("AccessDenied"), Message = Optional("Access Denied."), RequestId = Optional("${REQUEST_ID}")`,
    },
    expected: { code: 'AccessDenied', message: 'Access Denied.', requestId: REQUEST_ID },
  },
  {
    name: 'curl for the Windows command line, all marks escaped',
    evidence: {
      request: `curl ^"${put.replace(/[&%]/g, '^$&')}^" ^\n  -X ^"PUT^"`,
      answer: refused(PUT),
    },
    expected: { kind: 'SAME_SO_FAR', sentMethod: 'PUT' },
  },
  {
    name: 'JSON of the FormatString alone',
    evidence: { request: get, answer: JSON.stringify({ FormatString: GET }) },
    expected: { kind: 'SAME_SO_FAR', formatString: GET },
  },

  ...(
    [
      ['without https:', get.replace('https:', '')],
      ['of a custom domain, without https://', custom.replace('https://', '')],
      ['in HTML, with numbers for &', `<img src="${get.replace(/&/g, '&#38;')}">`],
    ] as const
  ).map(([where, request]): Paste => ({
    name: `a URL ${where}`,
    evidence: { request, answer: refused(request.includes('img.example.com') ? CUSTOM : GET) },
    expected: { kind: 'SAME_SO_FAR', isSigned: true },
  })),
  {
    name: 'a host in capitals, which clients send in lower case',
    evidence: { request: get.replace(HOST, HOST.toUpperCase()), answer: refused(GET) },
    expected: { kind: 'DIFFERENT', causes: ['CASE'] },
  },
  ...(
    [
      ['curl -G -d a=1', 'GET'],
      ['curl -sSI', 'HEAD'],
      ['curl -sT a.png', 'PUT'],
      ['curl -F file=@a.png', 'POST'],
    ] as const
  ).map(([command, sentMethod]): Paste => ({
    name: `${command} is a ${sentMethod}`,
    evidence: { request: `${command} '${get}'` },
    expected: { sentMethod, isSigned: true },
  })),

  // The wrong box
  {
    name: 'the 403 in the box of the URL',
    evidence: { request: refused(GET) },
    expected: { ...MISMATCH, formatString: GET, isSigned: false },
  },
  {
    name: 'the URL in the box of the 403',
    evidence: { answer: get },
    expected: { isSigned: true },
  },
  {
    name: 'the two swapped',
    evidence: { request: refused(GET.replace(HOST, 'cdn.example.com')), answer: get },
    expected: { kind: 'DIFFERENT', causes: ['HOST'] },
  },

  // URLs that were spoilt
  {
    name: 'a URL encoded as a whole',
    evidence: { request: encodeURIComponent(get) },
    expected: { suspicions: ['ENCODED_WHOLE'], isSigned: true },
  },
  {
    name: 'a URL encoded from its path on',
    evidence: { request: `https://${HOST}/${encodeURIComponent(get.split(`${HOST}/`)[1]!)}` },
    expected: { suspicions: ['ENCODED_WHOLE'], isSigned: true },
  },
  {
    name: 'milliseconds for seconds',
    evidence: {
      request: get.replace(/(\d{10})%3B(\d{10})/g, '$1000%3B$2000'),
    },
    expected: { suspicions: ['MILLISECONDS'], never: ['BAD_TIME', 'LONG_LIFE'] },
  },
  {
    name: 'a raw # in the path',
    evidence: { request: sign({ Key: 'a#b.txt' }).replace('%23', '#') },
    expected: { suspicions: ['RAW_HASH'], isSigned: true },
  },
  {
    name: 'a raw ? in the path',
    evidence: { request: sign({ Key: 'what?.txt' }).replace('%3F', '?') },
    expected: { suspicions: ['RAW_QUESTION'], isSigned: true },
  },
  {
    name: 'a signature appended with a second ?',
    evidence: { request: get.replace('?', '?x=1?') },
    expected: { suspicions: ['RAW_QUESTION'], isSigned: true },
  },
  {
    name: 'a raw + in the path',
    evidence: { request: spaced.replace('%2B', '+') },
    expected: { suspicions: ['RAW_PLUS'] },
  },
  {
    name: 'path-style',
    evidence: {
      request: get.replace(HOST, 'cos.ap-beijing.myqcloud.com/examplebucket-1250000000'),
    },
    expected: { suspicions: ['PATH_STYLE'] },
  },
  {
    name: 'path-style, and its 403',
    evidence: {
      answer: error(
        'PathStyleDomainForbidden',
        'The bucket you are attempting to access must be addressed using COS virtual-styled domain.',
      ),
    },
    expected: { code: 'PathStyleDomainForbidden', resource: '/a.txt' },
  },
  ...Object.entries({
    'Amazon S3': 'https://b.s3.amazonaws.com/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0',
    'Alibaba Cloud OSS':
      'https://b.oss-cn-beijing.aliyuncs.com/a?OSSAccessKeyId=x&Expires=1&Signature=y',
    'Google Cloud Storage': 'https://storage.googleapis.com/b/a?X-Goog-Signature=0',
    'Huawei Cloud OBS':
      'https://b.obs.cn-north-4.myhuaweicloud.com/a?AccessKeyId=x&Expires=1&Signature=y',
    'Baidu BOS': 'https://b.bj.bcebos.com/a?authorization=bce-auth-v1%2Fak%2F2023%2F1800%2F%2Fy',
    'Kingsoft Cloud KS3': 'https://ks3-cn-beijing.ksyuncs.com/b/a?KSSAccessKeyId=x&Signature=y',
    UpYun: 'Authorization: UpYun op:c2lnbmF0dXJl',
    'Qiniu Kodo': 'https://dn.example.com/a.jpg?e=1700000000&token=AK_x:c2lnbmF0dXJl',
    "Tencent Cloud's API 3.0":
      'Authorization: TC3-HMAC-SHA256 Credential=x/2023-11-15/cos/tc3_request, Signature=y',
  }).map(([foreign, request]): Paste => ({
    name: `a signature of ${foreign}`,
    evidence: { request },
    expected: { foreign, hasProblem: true, isSigned: false },
  })),
  {
    name: 'a header of Alibaba Cloud OSS',
    evidence: { request: 'Authorization: OSS LTAIexample:c2lnbmF0dXJl' },
    expected: { foreign: 'Alibaba Cloud OSS', isSigned: false },
  },
  {
    name: 'a token of Qiniu Kodo for uploads',
    evidence: { request: 'UpToken AK_x:c2lnbmF0dXJl=:eyJzY29wZSI6ImIifQ==' },
    expected: { foreign: 'Qiniu Kodo', isSigned: false },
  },

  // Other refusals
  {
    name: 'expired',
    evidence: {
      answer: error('AccessDenied', 'Request has expired', { ServerTime: '2023-11-15T00:00:00Z' }),
    },
    expected: { code: 'AccessDenied', message: 'Request has expired' },
  },
  {
    name: 'an unknown code is shown unchanged',
    evidence: { answer: error('SomethingNew', 'Something new.') },
    expected: { code: 'SomethingNew', message: 'Something new.', requestId: REQUEST_ID },
  },
  {
    name: 'no FormatString',
    evidence: { request: get, answer: error('SignatureDoesNotMatch', 'm') },
    expected: { code: 'SignatureDoesNotMatch', kind: 'none' },
  },
]

export const evidenceOf = ({ evidence }: Paste): Evidence => ({ ...NO_EVIDENCE, ...evidence })
