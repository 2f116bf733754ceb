/** All texts of the console, in both languages. */

export const ENGLISH = {
  title: 'Local cloud console',
  live: 'Live',
  lost: 'Connection lost, reconnecting…',
  faults: 'Inject a fault',
  forWhich: 'Apply to',
  next: 'the next requests',
  share: 'a share of all (%)',
  number: 'Number',
  method: 'Method',
  any: 'Any',
  path: 'Path starts with',
  clear: 'Clear all',
  remaining: 'left',
  requests: 'Requests',
  onlyFailed: 'Failed only',
  empty: 'No requests yet. Requests to the local cloud appear here.',
  checks: 'Checks',
  noChecks: 'none',
  key: 'key and token',
  time: 'time',
  signature: 'signature',
  form: 'form policy',
  policy: 'key policy',
  passed: 'passed',
  failed: 'failed',
  came: 'Received',
  carrier: 'Signature location',
  bytes: 'Bytes',
  bytesText: (record) => `${record.bytesIn} in (body), ${record.bytesOut} out`,
  requestId: 'Request ID',
  formKey: 'Form key',
  parameters: 'Parameters',
  serverSigned: 'The server expects this HttpString',
  clientSigned: 'The client signed this HttpString',
  toSign: 'Its StringToSign',
  dropped: 'dropped',
  fault: 'fault',
  probe: 'self-check',
  probeTitle: 'Sent by this project to check its setup',
  preflights: (count) => `OPTIONS (${count})`,
  carriers: {},
  kindNames: {},
  kinds: {
    expired: '403 AccessDenied, “Request has expired”',
    skew: '403 RequestTimeTooSkewed',
    403: '403 AccessDenied',
    404: '404 NoSuchKey',
    503: '503 ServiceUnavailable',
    slow: 'responds 3 seconds late',
    'drop-before': 'drops the connection before the body is read',
    'drop-during': 'drops the connection halfway through the request body, or the response body',
    'drop-after': 'carries out the request, then drops the connection without a response',
    truncate: 'drops the connection halfway through the body (GET only)',
  },
  mistakes: {},
}

export const CHINESE = {
  title: '本地云控制台',
  live: '实时',
  lost: '连接已断开，正在重试…',
  faults: '注入故障',
  forWhich: '作用于',
  next: '接下来的请求',
  share: '一定比例（%）',
  number: '数量',
  method: '方法',
  any: '任意',
  path: '路径前缀',
  clear: '全部清除',
  remaining: '剩余',
  requests: '请求',
  onlyFailed: '仅看失败',
  empty: '暂无请求。发往本地云的请求会显示在这里。',
  checks: '检查',
  noChecks: '无',
  key: '密钥与 token',
  time: '时间',
  signature: '签名',
  form: '表单 policy',
  policy: '密钥 policy',
  passed: '通过',
  failed: '未通过',
  came: '到达时间',
  carrier: '签名位置',
  bytes: '字节',
  bytesText: (record) => `收到 ${record.bytesIn}（正文），发出 ${record.bytesOut}`,
  requestId: '请求 ID',
  formKey: '表单的 key',
  parameters: '参数',
  serverSigned: '本地 COS 按收到的请求算出的 HttpString',
  clientSigned: '客户端实际签名的 HttpString',
  toSign: '对应的 StringToSign',
  dropped: '已断开',
  fault: '故障',
  probe: '自检',
  probeTitle: '本项目检查自身配置时发出的请求',
  preflights: (count) => `OPTIONS 预检（${count}）`,
  carriers: {
    header: '请求头 Authorization',
    query: 'URL 参数 q-*',
    'sign parameter': 'URL 参数 sign',
    form: '表单字段',
    none: '无',
  },
  kindNames: {
    expired: '签名过期',
    skew: '时钟偏差',
    403: '403 拒绝访问',
    404: '404 对象不存在',
    503: '503 服务不可用',
    slow: '响应变慢',
    'drop-before': '上传前断开',
    'drop-during': '传输中断开',
    'drop-after': '响应前断开',
    truncate: '下载截断',
  },
  kinds: {
    expired: '返回 403 AccessDenied（签名已过期）',
    skew: '返回 403 RequestTimeTooSkewed',
    403: '返回 403 AccessDenied',
    404: '返回 404 NoSuchKey',
    503: '返回 503 ServiceUnavailable',
    slow: '延迟 3 秒响应',
    'drop-before': '读取正文之前断开连接',
    'drop-during': '请求正文（没有则响应正文）传到一半断开连接',
    'drop-after': '完成操作之后、响应之前断开连接',
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

/**
 * What the local cloud says of a request, in Chinese. `{}` stands for a value: in quotes it
 * may hold anything, else no `;`. `{0}` is the first of them, `{kind}` the kind of a fault.
 */
const REASONS = [
  // Key, time, signature
  ['Request has expired', '请求已过期'],
  ['the request carries no signature', '请求没有签名'],
  [
    'q-ak is not the permanent key, and a temporary one needs its x-cos-security-token',
    'q-ak 不是永久密钥；如果是临时密钥，必须带上对应的 x-cos-security-token',
  ],
  [
    'the security token was not issued here, or not together with this q-ak',
    'x-cos-security-token 不是这里签发的，或与这个 q-ak 不配套',
  ],
  ['the temporary key ended at {}', '临时密钥已于 {} 过期'],
  [
    'the signature was valid for {} s and ended {} s ago: {}',
    '签名有效期为 {} 秒，{} 秒前已过期：{}',
  ],
  ['sign again, or correct the clock of the signer', '请重新签名，或校正签名方的时钟'],
  [
    'the signature starts in {} s: the clock of the signer is fast',
    '签名在 {} 秒后才生效：签名方的时钟偏快',
  ],
  ['Authorization is not valid: {}', 'Authorization 无效：{}'],
  ['a field is given twice', '有字段出现了两次'],
  ['q-sign-algorithm must be sha1', 'q-sign-algorithm 必须是 sha1'],
  ['the time "{}" is not "start;end"', '时间 "{}" 不是“起始;结束”的格式'],
  // A signature that does not match
  ['the method was signed as "{}", the request is a "{}"', '签名用的方法是 "{}"，请求用的是 "{}"'],
  [
    'the path was signed as it is encoded in the URL: sign the decoded path',
    '签名用了 URL 里编码后的路径：应对解码后的路径签名',
  ],
  ['the path was signed without its leading "/"', '签名用的路径缺少开头的“/”'],
  [
    'the path was signed with the bucket in it: the bucket belongs to the host',
    '签名用的路径里有存储桶名：存储桶应在域名里',
  ],
  [
    'the path holds a raw "+", which COS reads as a space: send %2B',
    '路径里有未编码的“+”，COS 会把它当作空格：请发送 %2B',
  ],
  [
    'parameters were signed that q-url-param-list does not name: {}',
    '签名了 q-url-param-list 没有列出的参数：{}',
  ],
  [
    'q-url-param-list names parameters that were not signed',
    'q-url-param-list 列出了没有签名的参数',
  ],
  ['q-header-list names {}, which was not signed', 'q-header-list 列出了 {}，但它没有被签名'],
  ['{} was signed, but q-header-list does not name it', '{} 被签名了，但 q-header-list 没有列出'],
  ['q-header-list names headers that were not signed', 'q-header-list 列出了没有签名的请求头'],
  [
    'the {} "{}" was signed, the request came without one: {}',
    '签名用的 {} 是 "{}"，请求里没有：{}',
  ],
  [
    'the {} "{}" was signed, the request came with "{}": {}',
    '签名用的 {} 是 "{}"，请求里是 "{}"：{}',
  ],
  ['the {} "{}" was signed, the request came {}: {}', '签名用的 {} 是 "{}"，请求 {}：{}'],
  [
    'send it to the host that was signed, through nothing that rewrites Host',
    '请发往签名时的域名，中间不要有改写 Host 的代理',
  ],
  [
    'set it yourself, exactly as signed, or do not sign it',
    '请自行设置并与签名完全一致，或者不签它',
  ],
  ['the signature must be in lower case', '签名必须是小写'],
  ['the signature must be hex, not base64', '签名必须是十六进制，不是 base64'],
  ['HttpString was signed without the line feed at its end', 'HttpString 末尾缺少换行符'],
  ['StringToSign was signed without the line feed at its end', 'StringToSign 末尾缺少换行符'],
  [
    'SignKey was used as bytes: it is its lower-case hex that signs',
    'SignKey 被当作字节使用：应使用它的小写十六进制文本',
  ],
  [
    'the base64 of the policy was signed: it is the policy itself that is signed',
    '对 policy 的 base64 签了名：应对 policy 原文签名',
  ],
  [
    'the policy was signed as it is: sign its hex SHA-1',
    '直接对 policy 签了名：应对它的 SHA-1（十六进制）签名',
  ],
  [
    'the base64 of the policy was signed: sign the hex SHA-1 of the policy',
    '对 policy 的 base64 签了名：应对 policy 的 SHA-1（十六进制）签名',
  ],
  [
    'q-signature is not that of this policy, q-key-time and SecretKey',
    'q-signature 与 policy、q-key-time、SecretKey 不符',
  ],
  [
    'q-header-list names {}, which the request does not carry',
    'q-header-list 列出了 {}，但请求里没有',
  ],
  [
    'no likely variant of this request gives the signature that was sent: {}',
    '这个请求的各种常见变体都得不到发来的签名：{}',
  ],
  [
    'most likely it was made with another SecretKey, or for another key, parameter or header value',
    '很可能用了别的 SecretKey，或是为别的对象键、参数或请求头签的',
  ],
  [
    'compare FormatString in the answer with the HttpString that was signed',
    '请把返回里的 FormatString 与签名用的 HttpString 对照',
  ],
  [
    'the request has more values of a signed name than its list names: send it once',
    '已签名的名称在请求里出现的次数比列表里多：只应发送一次',
  ],
  [
    'q-url-param-list names "{}", which is not an encoded lower-case name: {}',
    'q-url-param-list 里的 "{}" 不是编码后的小写名称：{}',
  ],
  [
    'the list is encoded text, so in a URL it must be encoded once more',
    '列表本身是编码后的文本，放进 URL 时要再编码一次',
  ],
  // Policies
  ['the permanent key may do everything', '永久密钥拥有全部权限'],
  ['statement {} denies it', '第 {} 条 statement 拒绝'],
  ['statement {} allows it', '第 {} 条 statement 允许'],
  ['no statement allows {} on {}: {}', '没有 statement 允许对 {1} 执行 {0}：{2}'],
  ['no statement allows {} on {}: ', '没有 statement 允许对 {1} 执行 {0}'],
  ['statement {} has other actions: {}', '第 {} 条 statement 的 action 不同：{}'],
  ['statement {} has other resources: {}', '第 {} 条 statement 的 resource 不同：{}'],
  [
    'statement {} has an unmet condition: {}, the request has none',
    '第 {} 条 statement 的条件不满足：{}，请求没有这个值',
  ],
  [
    'statement {} has an unmet condition: {}, the request has {}',
    '第 {} 条 statement 的条件不满足：{}，请求的值是 {}',
  ],
  ['statement {}: {} has no effect here', '第 {} 条 statement 的 {} 在这里不起作用'],
  ['the policy wants {} eq {}, the form has {}', 'policy 要求 {} 等于 {}，表单里是 {}'],
  ['the policy wants {} starts-with {}, the form has {}', 'policy 要求 {} 以 {} 开头，表单里是 {}'],
  ['the policy wants {}, the form has {}', 'policy 要求 {}，表单里是 {}'],
  ['none', '无'],
  ["Condition key {} doesn't match the value {}", '字段 {} 不符合 policy 要求的值 {}'],
  [
    'You post object request has been expired, expiration time: {} but the time now : {}',
    '表单的 policy 已于 {} 过期，现在是 {}',
  ],
  ['Invalid policy document: {}', 'policy 无效：{}'],
  ['expiration is not an ISO 8601 time', 'expiration 不是 ISO 8601 时间'],
  ['a condition on {} is required', '缺少对 {} 的条件'],
  ['a condition must be an object or an array', '条件必须是对象或数组'],
  ['content-length-range needs two numbers', 'content-length-range 需要两个数字'],
  ['{} is not a condition', '{} 不是条件'],
  ['the condition on {} needs a string', '对 {} 的条件必须是字符串'],
  ['{} can only be matched exactly', '{} 只能精确匹配'],
  ['the policy is not JSON', 'policy 不是 JSON'],
  // Requests that are malformed or not implemented
  ['path and query must be percent-encoded UTF-8', '路径和参数必须是百分号编码的 UTF-8'],
  ['The header {} is given twice', '请求头 {} 出现了两次'],
  ['"{}" is not one range of bytes', '"{}" 不是单个字节范围'],
  ['"{}" of an object of {} bytes', '范围 "{}" 超出了对象的大小（{} 字节）'],
  [
    'the host is that of {} in {}, the local cloud has {} in {}',
    '域名指向 {1} 的 {0}，本地云只有 {3} 的 {2}',
  ],
  ['the connection was closed', '连接已断开'],
  ['the connection was closed in the middle', '连接在中途断开'],
  [
    'the connection was closed before the body was whole: nothing was changed',
    '正文未收完连接就断开了：没有改动任何内容',
  ],
  ['the form has no field key', '表单没有 key 字段'],
  ['The form field {} is missing', '表单缺少字段 {}'],
  ['a preflight needs Origin and one of the methods {}', '预检请求需要 Origin，方法须为 {} 之一'],
  ['{} must be a whole number', '{} 必须是整数'],
  ['partNumber must be 1 to {}', 'partNumber 必须在 1 到 {} 之间'],
  ['encoding-type can only be url', 'encoding-type 只能是 url'],
  ['x-cos-storage-class is not valid', 'x-cos-storage-class 无效'],
  ['x-cos-traffic-limit must be between {} and {}', 'x-cos-traffic-limit 必须在 {} 到 {} 之间'],
  ['A header value holds a control character', '请求头的值里有控制字符'],
  ['x-cos-meta-* has {} bytes, at most {} are allowed', 'x-cos-meta-* 共 {} 字节，最多 {} 字节'],
  ['The local cloud does not implement {}', '本地云未实现 {}'],
  ['The local cloud does not filter buckets by {}', '本地云不支持按 {} 筛选存储桶'],
  [
    'The local cloud keeps every object private: x-cos-acl can only be private or default',
    '本地云的对象都是私有的：x-cos-acl 只能是 private 或 default',
  ],
  ['{} is not carried out: this is the object as it was stored', '未执行 {}：返回的是原始对象'],
  ['The disk of the local cloud is full', '本地云所在的磁盘已满'],
  // Uploads in parts
  ['the part numbers are not continuous', '分块编号不连续'],
  ['part {} has another ETag', '分块 {} 的 ETag 不同'],
  ['part {} was never uploaded', '分块 {} 从未上传'],
  ['part {} has {} bytes', '分块 {} 只有 {} 字节'],
  ['all but the last need {}', '除最后一块外，每块至少 {} 字节'],
  ['the parts changed while they were read', '读取期间分块发生了变化'],
  ['the document has {}', 'XML 文档有问题：{}'],
  ['another root', '根元素不对'],
  ['something beside Part', '有 Part 以外的内容'],
  ['no Part', '没有 Part'],
  ['more than {} parts', '超过 {} 个分块'],
  ['no PartNumber', '没有 PartNumber'],
  ['no ETag', '没有 ETag'],
  ['something beside PartNumber and ETag', '有 PartNumber、ETag 以外的内容'],
  ['a document type', '含有文档类型声明'],
  ['an entity without a declaration', '含有未声明的实体'],
  // Faults
  ['the fault "{}" was ordered', '这是注入的故障：{kind}'],
  ['the answer would have been {}', '原本的响应是 {}'],
  // Disk
  ['Error: {} has {} bytes, not {}', '{} 有 {} 字节，应为 {} 字节：文件已损坏'],
  ['Error: the local cloud has been stopped', '本地云已停止'],
  // STS
  ['An internal error', '内部错误'],
  ['X-TC-Timestamp must be unix seconds', 'X-TC-Timestamp 必须是 Unix 秒'],
  ['The signature has expired: check the clock', '签名已过期：请检查时钟'],
  ['The SecretId is not found', 'SecretId 不存在'],
  ['The date of the scope is not that of the timestamp', '签名范围里的日期与时间戳不符'],
  [
    'The provided credentials could not be validated. Please check your signature is correct',
    '签名不正确',
  ],
  ['The Authorization header is not valid', 'Authorization 请求头无效'],
  ['content-type and host must be signed', '必须签名 content-type 和 host'],
  ['The local cloud knows only GetFederationToken', '本地云只支持 GetFederationToken'],
  ['The version must be 2018-08-13', '版本必须是 2018-08-13'],
  ['Name is required', '缺少 Name'],
  ['Policy is required', '缺少 Policy'],
  ['The body is too large', '正文太大'],
  ['The body is not JSON', '正文不是 JSON'],
  ['The policy is longer than {} characters', 'policy 超过 {} 个字符'],
  ['Policy must be URL-encoded', 'Policy 必须经过 URL 编码'],
  ['DurationSeconds must be a positive integer', 'DurationSeconds 必须是正整数'],
  ['DurationSeconds must be at most {}', 'DurationSeconds 最大为 {}'],
  ['the policy must be a JSON object', 'policy 必须是 JSON 对象'],
  ['version must be "2.0"', 'version 必须是 "2.0"'],
  ['statement must be an array with at least one statement', 'statement 必须是非空数组'],
  ['a statement must be an object', 'statement 的每一项必须是对象'],
  ['effect must be "allow" or "deny"', 'effect 必须是 "allow" 或 "deny"'],
  ['condition must be an object', 'condition 必须是对象'],
  ['the condition {} must be an object', '条件 {} 必须是对象'],
  [
    '"{}" is not qcs::cos:<region>:uid/<appid>:<bucket-appid>/<key>',
    '"{}" 的格式不是 qcs::cos:<region>:uid/<appid>:<bucket-appid>/<key>',
  ],
  ['[QC_STS] cant grant other resource', '不能授权其他账号的资源'],
  ['{} is missing', '缺少 {}'],
  ['{} must be a string or an array of strings', '{} 必须是字符串或字符串数组'],
  ['{} has an unknown element "{}"', '{} 里有未知元素 "{}"'],
  ['the policy', 'policy'],
  ['a statement', 'statement'],
  ['the condition operator "{}" is not known', '未知的条件运算符 "{}"'],
  ['the condition key "{}" is not known', '未知的条件键 "{}"'],
  ['the condition {} needs {}', '条件 {} 的值必须是 {}'],
  ['numbers', '数字'],
  ['true or false', 'true 或 false'],
  ['IP addresses', 'IP 地址'],
  ['the condition {} has no value', '条件 {} 没有值'],
  ['the condition {} must have strings or numbers', '条件 {} 的值必须是字符串或数字'],
].map(([english, chinese]) => [toPattern(english), chinese])

function toPattern(english) {
  const escaped = english.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
  const source = escaped.replaceAll('"{}"', '"([^"]*)"').replaceAll('{}', '([^;]+?)')
  return new RegExp(`^${source}$`)
}

/** A reason in Chinese: its parts one by one. What is not known here stays as it is. */
export function toChinese(text) {
  const whole = text.replace(/\.$/, '')
  const parts = translate(whole) === undefined ? whole.split(/; (?:and )?/) : [whole]
  const chinese = parts.map(translate)
  if (chinese.every((part) => part === undefined)) return text
  return chinese.map((part, i) => part ?? parts[i]).join('；')
}

function translate(text) {
  for (const [pattern, chinese] of REASONS) {
    const [found, ...values] = pattern.exec(text) ?? []
    if (found === undefined) continue
    let next = 0
    return chinese.replace(/\{(\d|kind)?\}/g, (_, name) => {
      if (name === 'kind') return CHINESE.kindNames[values[0]] ?? values[0]
      const value = values[name ?? next++]
      return translate(value) ?? value
    })
  }
  return undefined
}
