import { CHINESE, ENGLISH, toChinese } from './texts.js'

/** Keys and headers come from anyone: whatever is shown goes through textContent. */

const isChinese = navigator.language.startsWith('zh')
const TEXT = isChinese ? CHINESE : ENGLISH
const toText = isChinese ? toChinese : (reason) => reason
const nameOf = (kind) => TEXT.kindNames[kind] ?? kind
/** Keys that the Setup page and `npm run server -- --check` use. */
const PROBE = /\/(setup|server)-check\b/
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
      element('button', { type: 'button', title, onclick: () => orderFault(kind) }, nameOf(kind)),
    )
  }
  byId('order').addEventListener('submit', (event) => event.preventDefault())
  for (const id of ['only-failed', 'with-preflights']) {
    byId(id).addEventListener('change', ({ target }) =>
      requests.classList.toggle(id, target.checked),
    )
  }

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
      [nameOf(kind), amount, match.method, match.path, by].filter(Boolean).join(' · '),
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
  countPreflights()
}

function showNew(record) {
  requests.prepend(toItem(record))
  byId('empty').hidden = true
  while (requests.childElementCount > MAX_ROWS) requests.lastElementChild.remove()
  countPreflights()
}

/** Preflights that were answered are hidden until they are asked for. */
function countPreflights() {
  const count = requests.querySelectorAll('.preflight').length
  byId('preflights').textContent = TEXT.preflights(count)
}

/** One request; its details are made when they are first opened. */
function toItem(record) {
  const isGood = record.status >= 200 && record.status < 400 && !record.code
  const isPreflight = isGood && record.method === 'OPTIONS'
  const item = element('li', {
    className: `${isGood && !record.fault ? 'passed-request' : ''} ${isPreflight ? 'preflight' : ''}`,
  })
  const row = element(
    'button',
    { type: 'button', className: 'row', ariaExpanded: 'false' },
    element(
      'span',
      { className: 'time secondary' },
      new Date(record.time).toTimeString().slice(0, 8),
    ),
    element('span', { className: 'method' }, record.service === 'STS' ? 'STS' : record.method),
    toPath(record),
    element(
      'span',
      { className: 'code' },
      record.fault ? badge(`${TEXT.fault} ${nameOf(record.fault)}`, 'fault') : (record.code ?? ''),
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

/** The path, the key of a form, the names of the parameters; the project's own checks are marked. */
function toPath(record) {
  const { path, formKey } = record
  const key = formKey === undefined ? path : `${path} → ${formKey}`
  const mark = PROBE.test(key)
    ? element('span', { className: 'badge probe', title: TEXT.probeTitle }, TEXT.probe)
    : ''
  return element('span', { className: 'path', title: key }, mark, key, parametersOf(record))
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
        element('p', { className: translated ? 'secondary' : '' }, toText(reason)),
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
      ` ${passed ? TEXT.passed : TEXT.failed}${detail ? `: ${toText(detail)}` : ''}`,
    ),
  ])
  const facts = [
    [record.method, record.path],
    [TEXT.formKey, record.formKey ?? ''],
    [TEXT.parameters, record.parameters.join(', ')],
    [TEXT.checks, checks.length > 0 || record.service === 'STS' ? checks : TEXT.noChecks],
    [TEXT.carrier, TEXT.carriers[record.carrier] ?? record.carrier],
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
