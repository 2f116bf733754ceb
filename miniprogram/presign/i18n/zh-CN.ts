/** 签名与诊断页的文案；其他页面不加载它。 */
export const zhCN = {
  /** 预签名与诊断页 */
  presign: {
    title: '签名与诊断',
    playground: '生成签名',
    inspector: '诊断 403',
  },
  /** 签名演练 */
  playground: {
    request: '请求',
    signedUrl: '签名结果',
    steps: '签名的每一步',
    send: '发送请求',
    trickyKeys: '试试容易签错的对象键',
    more: 'Query、Headers、Expires',
    eachLine: '每行一个，无需编码：',
    seconds: '单位为秒。',
    address: 'Sign、Protocol、Domain…',
    domain: '留空则使用存储桶的默认域名',
    carrier: '签名位置',
    carriers: {
      flat: { title: 'q-… 参数', text: '拆成多个 URL 参数，最常用。' },
      sign: { title: 'sign 参数', text: '整个 Authorization 编码一次，放进 sign 参数。' },
      header: {
        title: 'Authorization 头',
        text: '签名和 token 放在请求头中，不适用于 wx.uploadFile 和浏览器地址栏。',
      },
    },
    sources: {
      'server-signed':
        '由服务器签名，小程序里没有密钥，不显示 SignKey；地址和签名位置由服务器决定。',
      'temporary-key': '使用临时密钥，本地签名。',
      'permanent-key': '使用填写的永久密钥，本地签名。',
    },
    offline: '使用上面填写的密钥，在本页签名。',
    keyHint: '只在本页使用，不保存也不发送。建议使用子账号的密钥。',
    waiting: '字段填写正确后，这里会显示 URL。',
    unsigned: '未签名，访问私有对象会返回 403。',
    until: '有效至 {time}',
    untilKeyEnds: '有效至 {time}：密钥届时到期，因此短于所填的 Expires。',
    copyAs: '复制为',
    secretInCopy: '复制内容包含签名，有效期内任何人都可使用。',
    unsignedCopy: 'URL 不含签名；其余内容包含签名，有效期内任何人都可使用。',
    /** {reason} 是签名器的原话 */
    problem: '格式不正确：{reason}',
    problems: {
      Expires: '请填写大于 0 的整数，单位为秒。',
      Bucket: '格式为 BucketName-APPID，例如 examplebucket-1250000000。',
      Region: '请填写地域简称，例如 ap-beijing。',
      Domain: '请填写域名，例如 cdn.example.com，不含路径。',
      Query: '参数名不能重复（不区分大小写），也不能以 q- 开头。',
      Headers: '请求头的名称不能重复（不区分大小写）。',
      SecretId: 'SecretId 不能为空，且只能包含字母、数字和 - _ . ~。',
      SecretKey: '请填写 SecretKey。',
    },
    wrongQuery: '每行一个，名称不能重复。这一行有误：{line}',
    signInQuery: '参数 sign 用于携带签名，不能在这里使用。',
    wrongHeader: '每行一个“名称: 值”，名称不能重复。这一行有误：{line}',
    notAscii: '请求头只能包含 ASCII 字符，其他字符需先编码。这一行有误：{line}',
    body: '请求体',
    bodyText: '你好，COS',
    sentHeaders: '实际发送的请求头',
    sentHint: '修改任一已签名的请求头再发送，会得到 403，并标出差异。',
    resetHeaders: '恢复为已签名的请求头',
    typeHint: '未指定 Content-Type，wx.request 会默认用 application/json，并成为对象的类型。',
    start: '发送',
    sending: '正在发送…',
    bodyBeginning: '响应内容（开头部分）',
    binary: '非文本内容，{size}。',
    noBody: '无响应内容。',
    notSigned: { why: '请求未签名，而对象是私有的。', fix: '打开 Sign 后重新发送。' },
    toInspector: '在「诊断 403」中打开',
    retry: '重试',
  },
  /** 诊断：签名详情、403 对照 */
  inspector: {
    intro: '粘贴 COS 的签名 URL、403 返回内容，或两者都贴，格式不限。内容只在本页处理。',
    signature: '请求',
    signed: '签名 URL、Authorization、curl 命令或原始请求',
    signedExample: 'https://…?q-sign-algorithm=sha1&q-ak=…',
    clear: '清空',
    method: '请求方法',
    signedMethod: '签名所用的请求方法',
    requestUrl: '请求的 URL',
    requestUrlHint: 'Authorization 不含地址，请填写它发往的 URL。',
    headers: '签名时的请求头',
    headersHint: '签名只列出请求头的名字，值需要填写，每行一个。',
    httpString: '签名程序计算的 HttpString',
    httpStringHint: '在签名程序中打印出来并粘贴到这里，即可看到实际签名的内容。',
    secretKeyExample: '只在本页使用，不保存',
    secretKeyHint: '填写签名所用的 SecretKey，逐一尝试已知的错误，直到算出该签名。',
    noSignature: '签名不完整，缺少 {part}。',
    notSigned: '未识别到签名（需要 q-… 参数、sign 参数或 Authorization）。',
    otherCloud: '这是 {cloud} 的签名，不是腾讯云 COS 的。',
    signNotEncoded: '参数 sign 没有编码：它的值是整个 Authorization，放进 URL 要编码一次。',
    notEncoded: '百分号编码有误：可能没复制全，或者对象键里的 % 没有编码，应写成 %25。',
    notRead: '无法解析：{reason}',
    details: '签名详情',
    who: 'SecretId',
    host: '地址',
    path: '路径',
    token: 'token',
    noToken: '没有',
    from: '生效时间',
    until: '失效时间',
    remaining: '还剩 {time}',
    over: '已过期 {time}',
    notYet: '{time}后生效',
    days: '{days} 天 {time}',
    knownKey: '由当前使用的密钥签名，失效时间已考虑密钥的到期时间。',
    matches: '已验算：用 {method} 发送，签名正确。',
    keyMayEndEarlier: '由临时密钥签名；密钥到期后 URL 同时失效，到期时间无法从这里得知。',
    nothingSuspicious: '未发现可疑之处。',
    levels: { wrong: '错误', risk: '风险', note: '提示' },
    suspicions: {
      EXPIRED: { title: '已过期', fix: '请重新签名。如果签名后立即过期，请校准签名方的时钟。' },
      NOT_YET_VALID: {
        title: '尚未生效',
        fix: '签名方的时钟偏快；超过 15 分钟，COS 会拒绝。',
      },
      BAD_TIME: {
        title: '有效期无效',
        fix: 'q-sign-time 和 q-key-time 的格式都是“开始;结束”，单位是秒，结束晚于开始。',
      },
      MILLISECONDS: {
        title: '有效期的单位是毫秒',
        fix: 'COS 要求秒：把 Date.now() 除以 1000 并取整。',
      },
      ENCODED_WHOLE: {
        title: 'URL 被整体编码过',
        fix: '这里已按解码后的内容解析。发送时请原样使用签名得到的 URL，不要再编码。',
      },
      RAW_HASH: {
        title: '路径中有未编码的 #',
        fix: '客户端不会发送 # 之后的内容，COS 收不到其余的对象键和签名。请写成 %23。',
      },
      RAW_QUESTION: {
        title: '有两个问号',
        fix: '第一个问号之后是参数。对象键中的问号应写成 %3F，追加参数用 &。',
      },
      PATH_STYLE: {
        title: '存储桶名写在路径里',
        fix: '2024 年起创建的存储桶不接受这种写法，而且签名的路径会多出存储桶名。请用 https://<存储桶>.cos.<地域>.myqcloud.com/<对象键>。',
      },
      OTHER_METHOD: { title: '该签名用于 {method}', fix: '用 {method} 发送，或重新签名。' },
      OTHER_SIGNATURE: {
        title: '当前密钥无法得到该签名',
        fix: '所有方法都不匹配：URL 或请求头在签名后被修改，或签名有误。',
      },
      LIST_ENCODED_ONCE: {
        title: 'q-url-param-list 少编码了一次',
        fix: '里面的名字本身是编码过的，放进 URL 还要再编码：a%2fb 要写成 a%252fb。',
      },
      LIST_UPPER_CASE: {
        title: '列表中有大写字母',
        fix: 'q-header-list 和 q-url-param-list 都要小写：uploadId 要写成 uploadid。',
      },
      RAW_PLUS: {
        title: '路径中有未编码的 +',
        fix: 'COS 会把它当作空格。对象键中的加号应写成 %2B。',
      },
      TOKEN_CHANGED: {
        title: 'x-cos-security-token 被改过',
        fix: '与下发的不一致：没复制全，或者未编码的 + 被当成了空格，要写成 %2B。',
      },
      TOKEN_MISSING: {
        title: '缺少 x-cos-security-token',
        fix: '由临时密钥签名，需要把 token 放进请求头，或编码后放进 URL。',
      },
      TOKEN_NEEDED: {
        title: '可能缺少 x-cos-security-token',
        fix: 'SecretId 像是临时密钥的，URL 或请求头中需要带上 token。',
      },
      HOST_NOT_SIGNED: {
        title: 'host 未签名',
        fix: '任何人都可将它用于其他存储桶。请在签名中包含 host。',
      },
      TYPE_NOT_SIGNED: {
        title: 'Content-Type 未签名',
        fix: '上传时可以使用任意类型，例如 text/html。请在签名中限定类型。',
      },
      LONG_LIFE: {
        title: '有效期超过一天',
        fix: 'URL 发出后无法撤回，传一个文件几分钟足够。',
      },
      PLAIN_HTTP: {
        title: '使用了 http',
        fix: '明文传输，可被窃听；正式版小程序也不允许。改成 https: 即可，不用重新签名。',
      },
      RAW_SEMICOLON: {
        title: '分号没有编码',
        fix: 'COS 可以接受，但部分网关会在分号处拆分参数，写成 %3B 更稳妥。',
      },
    },
    answer: 'COS 的响应',
    answerLabel: '403 的内容',
    answerExample: '<Error><Code>SignatureDoesNotMatch</Code>…',
    answerHint: 'XML、JSON、SDK 打印的错误或日志都可以。',
    noAnswer: '未识别到 COS 的错误（缺少 Code）。',
    noFormatString: '响应里没有 FormatString，无法对照。',
    pasteUrl: '在上面粘贴签名 URL，即可逐字符对照。',
    enterRequestUrl: '在上面填写请求的 URL（从 https:// 起），即可逐字符对照。',
    linesRestored: '复制改变了 FormatString 的空白，已还原各行。',
    blankLineLost: 'FormatString 在复制时丢了一个空行，已补上。',
    copyDamaged:
      '复制的 FormatString 与 COS 返回的不完全一致：它的 SHA-1 与 StringToSign 中的不同。下面的差异可能来自复制。',
    comparison: '对照结果',
  },
  /** 官方文档的示例 */
  manual: {
    title: '官方文档示例',
    intro: '官方文档「生成预签名链接」的全部示例。下载返回 404 时，请先运行最后的上传示例。',
    source: '签名来源',
    changeSource: '切换',
    copy: '复制代码',
    workbench: '在「签名与诊断」中打开',
    run: '运行',
    status: 'COS 返回',
    file: '下载的文件',
    noKey: '当前由服务器签名，小程序里没有密钥，无法计算。请切换为临时密钥。',
    groups: { signature: '计算签名', download: '下载请求示例', upload: '上传请求示例' },
    samples: {
      'get-authorization': {
        title: '获取下载对象的鉴权凭证',
        note: '文档未说明：放进 URL 参数 sign 时，要整体编码一次；使用临时密钥时，还要带上 x-cos-security-token。',
      },
      'download-1-unsigned': {
        title: '示例一：获取不带签名的对象 URL',
        note: '对象是私有的，因此返回 403。',
      },
      'download-2-signed': {
        title: '示例二：获取带签名的对象 URL',
        note: '仅在密钥已就绪时返回签名 URL；由服务器签名时，同步返回的 URL 没有签名。',
      },
      'download-3-callback': {
        title: '示例三：通过回调获取带签名的 URL',
        note: '文档有误：写的是 Sign: false，得到的 URL 没有签名。',
      },
      'download-4-expires': {
        title: '示例四：指定链接的有效时间',
        note: '文档未说明：临时密钥到期后，URL 同时失效，Expires 再长也无效。',
      },
      'download-5-download': {
        title: '示例五：获取对象 URL 并下载对象',
        note: '文档有误：if (!err) 写反了，成功时不会下载。任何状态码都会走 success 回调，还要检查 statusCode。',
      },
      'download-6-query-and-headers': {
        title: '示例六：生成签名中包含 Query 和 Header 的预签名 URL',
        note: '文档有误：host 写成 xxx，必然返回 403。host 必须是请求实际访问的域名。',
      },
      'upload-1-put-object': {
        title: '示例一：获取 Put Object 上传的预签名 URL',
        note: '文档有误：header 为空时，wx.request 会把类型设为 application/json；403 也会走 success 回调。示例上传一张 8 × 8 像素的图片。',
      },
    },
  },
  /** 已签名的和未签名的部分 */
  parts: {
    signed: '已签名（改动即 403）',
    unknown: '值未知，请填在上面',
    free: '未签名（可被修改）',
    more: '没有列出的参数和请求头，拿到 URL 的人可以自行添加。',
  },
  /** 由密钥算出的值 */
  secret: {
    show: '显示',
    hide: '隐藏',
  },
  /** FormatString 对照 */
  compare: {
    where: '第 {line} 行（{name}），第 {column} 个字符',
    same: '一致',
    differs: '不同',
    theirs: 'COS 收到的',
    ours: '签名的',
    lines: { method: '方法', path: '路径', params: '参数', headers: '请求头' },
    empty: '（空）',
    kinds: {
      OTHER_TIME: '两边 StringToSign 的时间不同：这个 403 属于另一个签名。',
      SHARED: 'COS 收到的就是这个 URL 应有的内容，但上面的错误足以造成 403，请先改正。',
      SAME: 'COS 收到的与签名的 HttpString 完全一致。原因只可能是 SecretKey 不对（多了空格、少了字符、配错了 SecretId），或 HttpString 之后的某一步有误。',
      SAME_LINES:
        '四行内容一致，但复制可能改变了空白。先在签名程序里确认：HttpString 每行以换行结尾，最后一行也是。确认无误后，问题只可能在 SecretKey 或 HttpString 之后的步骤。',
      SAME_SO_FAR:
        '未发现差异：按这个 URL 和 {method} 算出的 HttpString 与 COS 收到的一致。但你的签名程序实际签名的内容未知，可能的原因（可能性由大到小）：',
      KEY_FITS:
        '用这个 SecretKey 对 COS 收到的内容签名，得到的就是这个签名。COS 仍然拒绝，只可能是这个 403 属于另一个请求，或这个 SecretId 已换了密钥。',
      OTHER_KEY:
        '用这个 SecretKey，无论按正确的 HttpString 还是按已知的错误计算，都得不到这个签名：签名用的是另一个 SecretKey，或存在未收录的错误。',
    },
    candidates: {
      METHOD_UNKNOWN: {
        title: '签名用的是另一个方法',
        fix: 'URL 里看不出方法。请在下面选择签名时用的方法。',
      },
      PATH_SIGNED: {
        title: '签名用的路径形式不对',
        fix: '用了 URL 里编码后的路径、少了开头的 /，或带上了存储桶名。请打印签名程序的 HttpString，粘贴到下面。',
      },
      LISTS_SIGNED: {
        title: '列表与实际签名的内容不一致',
        fix: '有已签名的参数或请求头未列出，或列出的未签名，或值不同。请查看签名程序的 HttpString。',
      },
      SECRET_KEY: {
        title: '用的是另一个 SecretKey',
        fix: '少了字符、多了空格，或属于另一个 SecretId。如果 HttpString 与 FormatString 一致，问题就在 SecretKey 或之后的某一步。',
      },
    },
    mistakes: {
      method: '已用密钥验证：签名用的方法与发送的不同。',
      'raw-plus': '已用密钥验证：签名的是加号，URL 里的加号没有编码，被当成空格。请写成 %2B。',
      path: '已用密钥验证：签名用的路径形式不对。应当是 / 加上没有编码的对象键。',
      'list-encoded-once':
        '已用密钥验证：q-url-param-list 里的名字少编码了一次，放进 URL 要编码两次。',
      parameter: '已用密钥验证：实际签名的参数与 q-url-param-list 不一致。',
      host: '已用密钥验证：签名的 host 与请求发往的不同。',
      'content-type': '已用密钥验证：签名的 Content-Type 与发送的不同。',
      header: '已用密钥验证：实际签名的请求头与 q-header-list 不一致。',
      computation:
        '已用密钥验证：HttpString 正确，之后的某一步不对。每个字符串都以换行结尾，SignKey 以十六进制文本使用，签名是小写十六进制。',
    },
    /** {field} 是参数或请求头的名字，没有名字时是那一行的名字 */
    causes: {
      METHOD: '签名用的方法是 {ours}，实际发送的是 {theirs}，两者必须一致。',
      ENCODED_TWICE: '{field}：多编码或少编码了一次。签名用没编码的，URL 里编码一次。',
      PLUS: '{field}：URL 里未编码的 + 会被当成空格。加号写成 %2B，空格写成 %20。',
      CASE: '{field}：大小写不一样，COS 区分大小写。',
      VALUE: '{field} 签的是“{ours}”，收到的是“{theirs}”。',
      NOT_SENT: '{field} 已签名，但请求没有带，或者值为空。请原样发送，或不要签它。',
      LIST: '{field} 只出现在一边：{list} 必须与实际签名的内容完全一致。',
      ORDER: '{field}：顺序不同。按编码后的小写名字排序。',
      PATH_SLASH: '路径相差一个斜杠：应为一个 / 后接对象键。',
      PATH_BUCKET: '只有一边的路径带存储桶名。存储桶名属于域名，不属于路径。',
      PATH_CUT: '路径在 ? 或 # 之前就结束了：URL 里要写成 %3F 和 %23。',
      PATH: '不是同一个对象键，或者路径被改写了。',
      HOST_PORT: 'host 的端口不同：签的是 {ours}，收到的是 {theirs}。非默认端口要一起签。',
      HOST: 'host 不同：签的是 {ours}，收到的是 {theirs}。换了域名，或者代理改写了 Host。',
      TYPE_EXTENDED:
        'Content-Type 签的是“{ours}”，发出时被 HTTP 库加长成“{theirs}”。请按实际发送的值签名，或自行设置完整的值。',
      TYPE_CHANGED:
        'Content-Type 签的是“{ours}”，收到的是“{theirs}”。发送时请自行设置，否则 HTTP 库会填入默认值。',
      NOT_KNOWN:
        'COS 收到的 {field} 是“{theirs}”。签名时的值未知，请填在上面的「签名时的请求头」里。',
      END: '四行都一样，结尾不同：每一行后面都有换行，包括最后一行。',
    },
  },
}

export type PresignTexts = typeof zhCN
