/** Keys and headers come from anyone: whatever is shown goes through textContent. */

const ENGLISH = {
  title: 'Local cloud console',
  live: 'live',
  lost: 'connection lost, trying again…',
  faults: 'Order a fault',
  forWhich: 'For',
  next: 'the next requests',
  share: 'a share of all (%)',
  number: 'Number',
  method: 'Method',
  any: 'any',
  path: 'Path starts with',
  clear: 'Clear all',
  remaining: 'left',
  requests: 'Requests',
  onlyFailed: 'only failed ones',
  empty: 'No request yet. What reaches the local cloud appears here.',
  checks: 'Checks',
  noChecks: 'none',
  key: 'key and token',
  time: 'time',
  signature: 'signature',
  form: 'policy of the form',
  policy: 'policy of the key',
  passed: 'passed',
  failed: 'failed',
  came: 'Came',
  carrier: 'Signature in',
  bytes: 'Bytes',
  bytesText: (record) => `${record.bytesIn} in (body), ${record.bytesOut} out`,
  requestId: 'Request id',
  parameters: 'Parameters',
  serverSigned: 'The server expects this HttpString',
  clientSigned: 'The client signed this one',
  toSign: 'Its StringToSign',
  dropped: 'dropped',
  fault: 'fault',
  kinds: {
    expired: '403 AccessDenied, “Request has expired”',
    skew: '403 RequestTimeTooSkewed',
    403: '403 AccessDenied',
    404: '404 NoSuchKey',
    503: '503 ServiceUnavailable',
    slow: 'waits 3 seconds',
    'drop-before': 'drops the connection before the body is read',
    'drop-during': 'drops the connection after half of the request’s body, or of the answer’s',
    'drop-after': 'does what was asked, then drops the connection without an answer',
    truncate: 'drops the connection after half of the body (GET only)',
  },
  mistakes: {},
}

const CHINESE = {
  title: '本地云控制台',
  live: '实时',
  lost: '连接已断开，正在重试…',
  faults: '制造故障',
  forWhich: '作用于',
  next: '接下来的请求',
  share: '一定比例（%）',
  number: '数量',
  method: '方法',
  any: '任意',
  path: '路径开头',
  clear: '全部清除',
  remaining: '剩余',
  requests: '请求',
  onlyFailed: '只看失败的',
  empty: '还没有请求。到达本地云的请求会显示在这里。',
  checks: '检查',
  noChecks: '无',
  key: '密钥与令牌',
  time: '时间',
  signature: '签名',
  form: '表单策略',
  policy: '密钥策略',
  passed: '通过',
  failed: '未通过',
  came: '到达时间',
  carrier: '签名位置',
  bytes: '字节',
  bytesText: (record) => `收到 ${record.bytesIn}（正文），发出 ${record.bytesOut}`,
  requestId: '请求 ID',
  parameters: '参数',
  serverSigned: '服务端期望的 HttpString',
  clientSigned: '客户端实际签名的 HttpString',
  toSign: '对应的 StringToSign',
  dropped: '已断开',
  fault: '故障',
  kinds: {
    expired: '403 AccessDenied，Request has expired',
    skew: '403 RequestTimeTooSkewed',
    403: '403 AccessDenied',
    404: '404 NoSuchKey',
    503: '503 ServiceUnavailable',
    slow: '等待 3 秒',
    'drop-before': '读取正文之前断开连接',
    'drop-during': '请求正文（没有则应答正文）传到一半断开连接',
    'drop-after': '完成操作之后、应答之前断开连接',
    truncate: '正文发到一半断开连接（仅 GET）',
  },
  mistakes: {
    method: '签名用的请求方法与实际发送的不同。',
    'raw-plus': '路径里有未编码的“+”，COS 会把它当作空格：请发送 %2B。',
    path: '签名用的路径不对：应为解码后的路径，以“/”开头，不含存储桶名。',
    'content-type': '签名后 Content-Type 被客户端添加或修改：请自行设置并与签名一致，或不签它。',
    host: '签名用的 Host 与实际请求的 Host 不同。',
    header: '签名的请求头与 q-header-list 或实际发送的不一致。',
    parameter: '签名的参数与 q-url-param-list 或实际发送的不一致。',
    'list-encoded-once': 'q-url-param-list 只编码了一次：放进 URL 时要再编码一次。',
    computation: 'HttpString 正确，之后的计算有误。',
    secret: '没有任何常见变体能得到这个签名：很可能 SecretKey 不对。',
  },
}

const isChinese = navigator.language.startsWith('zh')
const TEXT = isChinese ? CHINESE : ENGLISH
const MAX_ROWS = 200

const byId = (id) => document.getElementById(id)
const requests = byId('requests')

/** `element('p', { className: 'a' }, 'text', child)`; what is not an element becomes text. */
function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties)
  node.append(...children.filter((child) => child !== undefined))
  return node
}

function start() {
  document.documentElement.lang = isChinese ? 'zh-CN' : 'en'
  document.title = TEXT.title
  for (const node of document.querySelectorAll('[data-text]')) {
    node.textContent = TEXT[node.dataset.text]
  }
  for (const [kind, title] of Object.entries(TEXT.kinds)) {
    byId('kinds').append(
      element('button', { type: 'button', title, onclick: () => orderFault(kind) }, kind),
    )
  }
  byId('order').addEventListener('submit', (event) => event.preventDefault())
  byId('only-failed').addEventListener('change', ({ target }) =>
    requests.classList.toggle('only-failed', target.checked),
  )

  const events = new EventSource('events')
  const on = (name, show) => events.addEventListener(name, (event) => show(JSON.parse(event.data)))
  on('requests', showAll)
  on('request', showNew)
  on('faults', showFaults)
  const state = (text) => () => (byId('connection').textContent = text)
  events.addEventListener('open', state(`● ${TEXT.live}`))
  events.addEventListener('error', state(`○ ${TEXT.lost}`))
}

async function orderFault(kind) {
  if (!byId('order').reportValidity()) return
  const amount = Number(byId('amount').value)
  const [method, path] = [byId('method').value, byId('path').value]
  const order = {
    kind,
    ...(byId('mode').value === 'share'
      ? { share: Math.min(amount, 100) / 100 }
      : { times: amount }),
    match: { ...(method && { method }), ...(path && { path }) },
  }
  await fetch('faults', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })
}

function showFaults(faults) {
  const chips = faults.map(({ kind, times, share, seed, by, match = {} }) => {
    const amount =
      share === undefined ? `${TEXT.remaining} ${times}` : `${share * 100}% · seed ${seed}`
    return element(
      'span',
      { className: 'badge' },
      [kind, amount, match.method, match.path, by].filter(Boolean).join(' · '),
    )
  })
  const clear = () => fetch('faults', { method: 'DELETE' })
  if (chips.length > 0) {
    chips.push(element('button', { type: 'button', onclick: clear }, TEXT.clear))
  }
  byId('pending').replaceChildren(...chips)
}

function showAll(records) {
  requests.replaceChildren(...records.map(toItem))
  byId('empty').hidden = records.length > 0
}

function showNew(record) {
  requests.prepend(toItem(record))
  byId('empty').hidden = true
  while (requests.childElementCount > MAX_ROWS) requests.lastElementChild.remove()
}

/** One request; its details are made when they are first opened. */
function toItem(record) {
  const isGood = record.status >= 200 && record.status < 400 && !record.code
  const item = element('li', { className: isGood && !record.fault ? 'passed-request' : '' })
  const row = element(
    'button',
    { type: 'button', className: 'row', ariaExpanded: 'false' },
    element(
      'span',
      { className: 'time secondary' },
      new Date(record.time).toTimeString().slice(0, 8),
    ),
    element('span', { className: 'method' }, record.service === 'STS' ? 'STS' : record.method),
    element('span', { className: 'path', title: record.path }, record.path, parametersOf(record)),
    element(
      'span',
      { className: 'code' },
      record.fault ? badge(`${TEXT.fault} ${record.fault}`, 'fault') : (record.code ?? ''),
    ),
    badge(record.status || TEXT.dropped, isGood && 'passed'),
    element('span', { className: 'milliseconds secondary' }, `${record.milliseconds} ms`),
  )
  row.addEventListener('click', () => {
    const details = item.querySelector('.details')
    if (details) details.remove()
    else item.append(toDetails(record))
    row.ariaExpanded = String(!details)
  })
  item.append(row)
  return item
}

function parametersOf({ parameters }) {
  return parameters.length > 0
    ? element('span', { className: 'secondary' }, ` ?${parameters.join('&')}`)
    : undefined
}

function badge(text, kind) {
  return element('span', { className: `badge ${kind || ''}` }, String(text))
}

function toDetails(record) {
  const { mismatch, reason, fault } = record
  const translated = mismatch && TEXT.mistakes[mismatch.mistake]
  return element(
    'div',
    { className: 'details' },
    reason &&
      element(
        'div',
        { className: fault ? 'reason fault' : 'reason' },
        ...(translated ? [element('p', {}, translated)] : []),
        element('p', { className: translated ? 'secondary' : '' }, reason),
      ),
    mismatch && toTexts(mismatch),
    toFacts(record),
  )
}

function toFacts(record) {
  const checks = (record.checks ?? []).flatMap(({ name, passed, detail }) => [
    element(
      'div',
      {},
      badge(`${passed ? '✓' : '✗'} ${TEXT[name]}`, passed && 'passed'),
      ` ${passed ? TEXT.passed : TEXT.failed}${detail ? `: ${detail}` : ''}`,
    ),
  ])
  const facts = [
    [record.method, record.path],
    [TEXT.parameters, record.parameters.join(', ')],
    [TEXT.checks, checks.length > 0 || record.service === 'STS' ? checks : TEXT.noChecks],
    [TEXT.carrier, record.carrier],
    [TEXT.bytes, TEXT.bytesText(record)],
    [TEXT.came, `${new Date(record.time).toLocaleString()} · ${record.milliseconds} ms`],
    [TEXT.requestId, record.requestId ?? ''],
  ]
  return element(
    'dl',
    {},
    ...facts
      .filter(([, value]) => value.length > 0)
      .flatMap(([name, value]) => [
        element('dt', {}, name),
        element('dd', {}, ...(Array.isArray(value) ? value : [value])),
      ]),
  )
}

/** Both HttpStrings with the first differing character marked, each with its StringToSign. */
function toTexts({ server, client, difference }) {
  const text = (title, content, mark) =>
    element('div', {}, element('h3', {}, title), toPre(content, mark))
  const sides = [
    text(TEXT.serverSigned, server.httpString, difference),
    client && text(TEXT.clientSigned, client.httpString, difference),
    text(TEXT.toSign, server.stringToSign),
    client && text(TEXT.toSign, client.stringToSign),
  ]
  return element('div', { className: 'texts' }, ...sides)
}

/** Line feeds can be seen; the end of the text is marked as ∎. */
function toPre(text, difference) {
  const visible = (part) => part.replaceAll('\n', '↵\n')
  if (difference === undefined) return element('pre', {}, visible(text))
  const character = String.fromCodePoint(text.codePointAt(difference) ?? 0x220e)
  const shown = { ' ': '\u00a0', '\n': '↵' }[character] ?? character
  return element(
    'pre',
    {},
    visible(text.slice(0, difference)),
    element('mark', {}, shown),
    character === '\n' ? '\n' : '',
    visible(text.slice(difference + character.length)),
  )
}

start()
