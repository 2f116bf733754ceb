/** 界面文案，简体中文。这是源文件：`en.ts` 的类型由它决定，少一个键就编译不过。 */
export const zhCN = {
  /** 首页 */
  index: {
    title: '预签名 URL',
    intro: '用预签名 URL 把文件直传到腾讯云 COS，再下载回来，不引入 SDK。',
    putTitle: '上传：PUT',
    putText: '一次请求传完，适合小文件',
    postTitle: '上传：POST 表单',
    postText: '表单直传，带进度，可多选',
    multipartTitle: '上传：分块',
    multipartText: '支持暂停和续传，适合大文件',
    getTitle: '下载：GET',
    getText: '下载后预览图片或打开文件',
    status: '当前环境',
    storage: '存储',
    localCloud: '本地 COS',
    realCloud: '腾讯云 COS',
    bucket: '存储桶',
    source: '签名来源',
    clock: '手机时钟',
    clockExact: '准确',
    /** 手机时间减去服务器时间 */
    clockAhead: '快 {time}，签名时已校正',
    clockBehind: '慢 {time}，签名时已校正',
    demos: '上传与下载',
    tools: '工具',
    samplesTitle: '官方文档示例',
    samplesText: '逐个运行，并注明文档的错误',
    presignTitle: '签名与诊断',
    presignText: '查看签名步骤，定位 403 的原因',
    setupTitle: '设置',
    setupText: '检查、服务器、签名来源、语言',
    retry: '重试',
    toSetup: '检查设置',
    connecting: '正在连接…',
    server: '服务器',
    notNeeded: '不需要',
  },
  /** 时间 */
  units: {
    seconds: '{seconds} 秒',
    minutes: '{minutes} 分 {seconds} 秒',
    hours: '{hours} 小时 {minutes} 分',
  },
  /** 签名来源，首页和设置页都用 */
  sources: {
    'temporary-key': {
      title: '临时密钥',
      text: '服务器给临时密钥，小程序自己签名，不必每次问服务器。',
    },
    'server-signed': {
      title: '服务端签名',
      text: '服务器签好每个请求，密钥不到手机上。最严格，但每次签名都要往返一次。',
    },
    'permanent-key': {
      title: '永久密钥',
      text: '手填密钥，小程序自己签名，不需要服务器。只用于调试。',
    },
  },
  /** 到诊断页的入口 */
  inspect: {
    url: '诊断',
    answer: '看看差在哪个字符',
    copyDetails: '复制失败信息',
  },
  /** PUT 上传页 */
  putObject: {
    title: 'PUT 上传',
    intro:
      '向预签名 PUT URL 发一次 wx.request。没有进度事件，只能显示已用时间；大于 50 MB 请用分块上传。',
    sign: '签好的 URL 只能用来 PUT 这个键，Content-Type 也不能变。',
  },
  /** POST 表单上传页 */
  postObject: {
    title: 'POST 表单上传',
    intro:
      'wx.uploadFile 只会 POST multipart 表单：交给它预签名 PUT URL 一定失败，要用已签名的 policy。',
    sign: '签名的不是 URL，而是 policy：它限定键、大小、Content-Type 和 ACL。',
  },
  /** 分块上传页 */
  multipartUpload: {
    title: '分块上传',
    intro:
      '每块一次 wx.request PUT，同时传 3 块，内存不随文件变大。可以暂停；小程序关掉后，也能接着传。',
    sign: '发起、每一块、核对、完成，各签一个 URL；这里是其中一块的。',
    preparing: '正在核对文件、签名…',
    wholeParts: '进度只计 COS 已确认的整块。',
    kept: 'COS 已确认的块还在：重试会接着传，放弃会删掉它们。',
    unfinished: '未完成的上传',
    otherFile:
      '这个对象键有一个未完成的上传，但不是这个文件。继续上传，对象会是这个文件的内容；原来的分块仍在列表里。',
    resumeHint: '再选一次同一个文件，就接着传。',
    cancelled: '已传的块也删掉了，重试会从头开始。',
    useKey: '填入这个键',
  },
  /** 下载页 */
  downloadObject: {
    title: '下载',
    intro:
      '向预签名 GET URL 调用 wx.downloadFile。任何 HTTP 状态都会进 success，所以要检查 statusCode。',
    sign: '签好的 URL 只能用来 GET 这个键。',
    recent: '最近上传',
    forget: '清除记录',
    preview: '点按图片可全屏查看',
    open: '打开文件',
    openFailed: '打不开这个文件',
    text: '文本内容',
    noText: '文件是空的',
    textPart: '文本内容（前 {bytes}）',
    video: '这里不播放视频，可以保存到相册里看。',
    notShown: '这里不能显示这种文件。它在临时目录里，要留下它，请调用 FileSystemManager.saveFile。',
    /** 打开本页时带来的 URL */
    given: '给出的 URL',
    givenText: '原样使用，不重新签名。',
    givenInvalid: '不能下载：URL 要以 http:// 或 https:// 开头。',
    givenRefused: '重试也还是这个 URL，请重新签一个再打开。',
    useKey: '改为填写对象键',
    /** 保存到相册：授权的几种情况，和保存的几种结果 */
    album: {
      save: '保存到相册',
      settings: '去设置',
      unasked: '第一次保存时，微信会询问是否允许。',
      allowed: '已允许写入相册。',
      denied: '不能保存：写入相册的权限是关着的，微信不会再问。请到设置里打开。',
      saved: '已保存到手机相册 ✓',
      cancelled: '没有保存：已取消。',
      undeclared: '没有保存：请在小程序后台的隐私保护指引里声明「相册（仅写入）权限」。',
      disagreed: '没有保存：没有同意隐私保护指引，再点一次可以重选。',
      phoneDenied: '没有保存：请到手机的系统设置里，打开微信的照片权限。',
      notMedia: '没有保存：微信认不出它的格式。上传时，Content-Type 要和内容一致。',
      failed: '没有保存：{reason}',
    },
  },
  /** 演示页的步骤标题 */
  steps: {
    file: '选择文件',
    key: '对象键',
    sign: '签名',
    upload: '上传',
    download: '下载',
    code: '代码',
  },
  /** 选择文件 */
  file: {
    empty: '请先选择文件',
    emptyMany: '请先选择文件，可以一次选几个',
    media: '拍摄或相册',
    chat: '从聊天选择',
    change: '更换',
    /** 照片没有名字，用选它的时刻命名：照片-143205.jpg */
    photo: '照片',
    video: '视频',
    /** 没有名字或扩展名的文件 */
    plain: '文件',
  },
  /** 对象键输入框 */
  key: {
    prefix: '您的前缀',
    placeholder: '例如 2026-11-23/照片.jpg',
    label: '对象键，在您的前缀之下',
    EMPTY: '请输入对象键。',
    LEADING_SLASH: '对象键不能以 / 或 \\ 开头。',
    DOT_SEGMENT: '对象键里不能有 . 或 .. 这样的一段：HTTP 客户端会改写它。',
    TOO_LONG: '对象键连同前缀不能超过 850 字节（UTF-8）。',
    CONTROL: '对象键里不能有控制字符。',
    NOT_UNICODE: '对象键里有不完整的字符。',
  },
  /** 几个文件一起上传的队列 */
  queue: {
    add: '可以继续添加，传输中也行',
    keys: '每个文件一个键，在下面第 4 步里逐个改。',
    sign: '每个文件各签一份 policy，这里显示最近的一份。',
    total: '{count} 个文件 · {size}',
    done: '完成 {done} / {count}',
    failed: '失败 {count}',
    upload: '全部上传（{count}）',
    rest: '上传其余（{count}）',
    again: '清空，再传一批',
    clear: '清空列表',
    problems: '有 {count} 个键要先改，还没有开始上传。',
    /** {number} 是列表里先出现的那一个 */
    duplicate: '与第 {number} 个文件的键相同，后传的会覆盖先传的。',
    keyLabel: '第 {number} 个文件的对象键',
    waiting: '排队中',
    sent: '已上传',
    cancelled: '已取消',
    remove: '移除',
    why: '原因',
    hide: '收起',
    download: '下载',
  },
  /** 签名结果 */
  signed: {
    waiting: '传输开始时签名，签好的内容会显示在这里。',
    until: '有效至',
    copy: '复制 URL',
    copyForm: '复制表单',
  },
  /** 复制按钮 */
  copy: {
    copied: '已复制 ✓',
    undeclared: '没有复制：请在小程序后台的隐私保护指引里声明剪贴板。',
    refused: '没有复制：您没有同意隐私保护指引。',
    failed: '没有复制：{reason}',
  },
  /** 代码卡片 */
  code: {
    copy: '复制代码',
  },
  /** 传输面板 */
  transfer: {
    cancel: '取消',
    pause: '暂停',
    resume: '继续',
    paused: '已暂停',
    discard: '放弃',
    discarding: '正在放弃…',
    retry: '重试',
    again: '再次上传',
    empty: '选好文件才能上传',
    signing: '正在签名…',
    elapsed: '{size} · 已用 {seconds} 秒',
    retrying: '网络不稳定，正在重试（{number}/{max}）…',
    left: '剩余 {time}',
    /** 也可能更久：只数整块的上传，要等一整块确认才有进度 */
    stalled: '一段时间没有进度…',
    /** 字节已发完，还没有最后的答复 */
    finishing: '等待 COS 确认…',
    done: '上传完成',
    downloaded: '下载完成',
    cancelled: '已取消，可以重试。',
    barLabel: '传输进度',
    toDownload: '下载刚上传的对象',
  },
  /** 故障演练，只在本地 COS 上有 */
  drill: {
    title: '故障演练',
    intro: '选一种故障，下一次传输就会遇上它。只有本地 COS 能这样做。',
    faults: {
      expired: {
        name: '签名过期',
        text: 'COS 会说签名已过期，自动重签一次也会被拒绝。',
      },
      clock: {
        name: '时钟不准',
        text: 'COS 会说时间相差太多，校正后重签也会被拒绝。',
      },
      forbidden: { name: '没有权限', text: 'COS 会以 403 拒绝。' },
      busy: {
        name: '服务繁忙',
        text: 'COS 会答 503。分块上传会先自己重试约半分钟。',
      },
      slow: { name: '很慢', text: 'COS 会晚 12 秒才理会。不必重试，等它传完。' },
      dropped: {
        name: '断线',
        text: '连接会断开。分块上传会先自己重试约半分钟。',
      },
    },
    over: '故障已撤销。',
    notOrdered: '本地云没有响应：故障没有安排上，传输没有开始。',
    notLifted: '本地云没有响应，故障没能撤销。请在控制台里清除，或重新运行 npm start。',
  },
  /** 结果中的事实 */
  facts: {
    key: '对象键',
    size: '大小',
    type: '类型',
    elapsed: '用时',
    integrity: '校验',
    notVerified: '未校验',
    requestId: '请求 ID',
    origin: '地址',
    code: '失败代码',
    status: 'HTTP 状态',
    errorCode: '错误码',
    errorMessage: '错误信息',
    resource: '资源',
    /** 仓库里的说明 */
    help: '说明',
    helpFile: 'docs/troubleshooting.zh-CN.md',
  },
  /**
   * 失败：发生了什么、为什么、怎么办。`detailed` 里的句子要用到细节（`{limit}` 这样的位置），
   * 细节齐全时替换同名的句子，不全时不用。
   */
  failures: {
    CANCELLED: { title: '已取消', why: '', fix: '' },
    DOMAIN_NOT_ALLOWED: {
      title: '域名不在白名单里',
      why: '微信只放行后台登记过的域名，request、uploadFile、downloadFile 各有一张名单。',
      fix: '在小程序后台「开发管理 → 服务器域名」里登记；开发时也可在开发者工具「详情 → 本地设置」勾选「不校验合法域名」。',
      detailed: {
        fix: '在小程序后台「开发管理 → 服务器域名」的「{api} 合法域名」里填入 {origin}；开发时也可在开发者工具「详情 → 本地设置」勾选「不校验合法域名」。',
      },
    },
    PRIVACY_NOT_DECLARED: {
      title: '隐私声明里没有这个接口',
      why: '选择文件、写剪贴板都是隐私接口，须先声明。',
      fix: '在小程序后台的隐私保护指引里声明「选中的照片或视频信息」「选中的文件」「剪切板」「相册（仅写入）权限」。',
    },
    PRIVACY_REFUSED: {
      title: '没有同意隐私协议',
      why: '您拒绝了隐私协议，所以不能选择文件。',
      fix: '过 10 秒再点一次，在弹窗里选择同意。',
    },
    TIMEOUT: {
      title: '超时',
      why: '网络太慢或已断开，没有按时传完。',
      fix: '检查网络后重试，会重新签名。',
    },
    INTERRUPTED: {
      title: '被系统中断',
      why: '小程序在后台超过 5 秒，微信会中断请求。',
      fix: '让小程序留在前台，再试一次。',
    },
    NETWORK: {
      title: '连接失败',
      why: '连不上，或中途断开了。',
      fix: '检查网络。用手机调试时，地址用电脑的局域网 IP，不用 127.0.0.1，并且连同一个 Wi-Fi。',
    },
    DNS_FAILED: {
      title: '找不到服务器',
      why: '域名有误，或 DNS 没有响应。',
      fix: '检查域名拼写：存储桶名、地域、自定义域名。再检查网络。',
      detailed: { why: '无法解析 {origin}：域名有误，或 DNS 没有响应。' },
    },
    TLS_FAILED: {
      title: '无法建立安全连接',
      why: '服务器证书与域名不符、已过期，或证书链不完整。',
      fix: '检查证书和证书链，Android 需要完整的证书链。同时检查手机的日期。',
      detailed: { why: '{origin} 的证书与域名不符、已过期，或证书链不完整。' },
    },
    INVALID_REQUEST: {
      title: '请求不合法',
      why: '程序传入了接口不接受的参数，重试结果相同。',
      fix: '下面的信息指明了参数，请修改代码。',
    },
    WX_FAILED: {
      title: '微信接口调用失败',
      why: '原因见 errMsg。',
      fix: '按它处理后重试。',
    },
    NO_WX: {
      title: '不是微信小程序',
      why: '传输要调用微信的 wx 接口，这个平台没有。还没有发送任何数据。',
      fix: '在微信小程序里传输；其他平台用 cos/ 签名，再用该平台的接口发送。',
    },
    NO_DIGEST: {
      title: '无法计算文件摘要',
      why: '这个微信版本的基础库没有返回文件的 MD5，上传后无法校验内容。还没有发送任何数据。',
      fix: '更新微信后再试。',
    },
    SIGNER_INVALID: {
      title: '签名结果不可用',
      why: '签名函数返回的请求方法、URL 或请求头和要签的不一致。还没有发送任何数据。',
      fix: '检查签名函数，或检查签名服务返回的内容。',
    },
    FILE_UNREADABLE: {
      title: '读不到文件',
      why: '临时文件随小程序关闭而失效，或已被系统清理。',
      fix: '重新选择这个文件。',
    },
    FILE_CHANGED: {
      title: '文件变了',
      why: '它不是开始上传时的那个文件了，接着传会拼出坏的对象。',
      fix: '选回原来的文件，或者用现在这个从头传。',
    },
    FILE_TOO_LARGE: {
      title: '文件太大',
      why: '超过了这种方式或服务器允许的大小。',
      fix: '上传请改用分块上传；POST 表单还受服务器的 MAX_UPLOAD_BYTES 限制。下载没有别的方式：wx.downloadFile 最多 200 MB。',
      detailed: { why: '超过了上限 {limit}。' },
    },
    STORAGE_REFUSED: {
      title: '没能记下这次上传',
      why: '本地缓存写不进去，可能已满。',
      fix: '上传不受影响；但传完之前离开本页或关掉小程序，就要从头再传。',
    },
    NO_CREDENTIALS: {
      title: '没有可以签名的密钥',
      why: '永久密钥没有填全，或者这是正式版，不用永久密钥签名。',
      fix: '到「设置」把密钥填全，或换一种签名来源。',
    },
    SERVER_UNREACHABLE: {
      title: '连不上服务器',
      why: '登录、发密钥、签名的服务没有响应。',
      fix: '在电脑上运行 npm start；地址不对，就在「设置」里改，或改 config.ts 的 serverUrl。',
    },
    SERVER_REFUSED: {
      title: '服务器拒绝了请求',
      why: '服务器有响应，但拒绝或无法完成请求。',
      fix: '看下面的错误信息和服务器日志。',
    },
    KEY_NOT_ALLOWED: {
      title: '不能使用这个键',
      why: '每个用户只能读写自己前缀之下的对象。',
      fix: '换一个键。',
    },
    URL_EXPIRED: {
      title: '签名已过期',
      why: '预签名 URL 的有效期已过。',
      fix: '重试，会重新签名；总是这样，就检查手机和服务器的时间。',
    },
    CREDENTIALS_EXPIRED: {
      title: '临时密钥已过期',
      why: '签名所用的临时密钥已失效，URL 不会比它更长久。',
      fix: '重试，会换一把新的。',
    },
    CLOCK_SKEW: {
      title: '时钟不准',
      why: '签名里的时间与 COS 相差超过 15 分钟，按 COS 的时间校正后仍被拒绝。',
      fix: '校准手机时间和服务器时间，再重试。',
    },
    SIGNATURE_MISMATCH: {
      title: '签名不匹配',
      why: 'COS 算出的签名不同：发出的内容与签名的不一致，或签名用的是另一把密钥。',
      fix: '对照 COS 返回的 FormatString 与签名程序的 HttpString，找第一个不同的字符；诊断页可以代劳。',
    },
    ACCESS_DENIED: {
      title: '没有权限',
      why: 'COS 接受了签名，或请求没有签名；密钥不允许对这个对象做这个操作。',
      fix: '检查密钥 policy 的操作（action）、资源（resource）和条件（condition）。',
      detailed: {
        fix: '密钥的 policy 要允许 {action}；已经允许，就检查资源（resource）和条件（condition）。',
      },
    },
    FORM_REFUSED: {
      title: '表单不符合签名的 policy',
      why: '某个字段、文件大小或表单格式与签名 policy 的条件不符。',
      fix: '原样发送签名的字段，只带一个文件，字段名为 file 且放在最后。检查 key、Content-Type 和 content-length-range。',
    },
    REFERER_REFUSED: {
      title: '被防盗链规则拒绝',
      why: '存储桶开启了防盗链，与签名无关。',
      fix: '在 COS 控制台的防盗链设置中允许 servicewechat.com 和空 referer，或关闭防盗链。',
    },
    CORS_REFUSED: {
      title: '被跨域规则拒绝',
      why: '请求来自浏览器，而存储桶的跨域规则不允许其来源、方法或请求头。小程序不需要跨域规则。',
      fix: '添加跨域规则：来源、方法，Allow-Headers 填 *，Expose-Headers 填 ETag 和 x-cos-request-id。',
    },
    PATH_STYLE_REFUSED: {
      title: '存储桶名应写在域名中',
      why: 'URL 把存储桶名写在路径里，2024 年起创建的存储桶不接受这种写法。',
      fix: '使用 https://<存储桶>.cos.<地域>.myqcloud.com/<对象键>，并按这个域名和路径签名。',
    },
    ACCOUNT_BLOCKED: {
      title: '账号欠费或内容被封禁',
      why: '账号欠费，或者对象、域名已被封禁。',
      fix: '请查看腾讯云控制台的站内信和费用中心。',
    },
    OBJECT_STATE: {
      title: '对象当前不可用',
      why: '对象已归档、被锁定，或正被其他请求写入。',
      fix: '归档对象需先恢复；等待其他上传结束；或换一个对象键。',
    },
    INVALID_KEY_ID: {
      title: 'COS 不认识这个 SecretId',
      why: '密钥不存在，或临时密钥没有带上 token。',
      fix: '重试会换一把新的临时密钥；手填的密钥，核对 SecretId；自己签名，检查 x-cos-security-token。',
    },
    NO_SUCH_KEY: {
      title: '没有这个对象',
      why: '存储桶里没有这个键。',
      fix: '检查键的拼写和大小写，或先上传。',
    },
    NO_SUCH_BUCKET: {
      title: '没有这个存储桶',
      why: '桶名、APPID 或地域不对。',
      fix: '检查服务器的 COS_BUCKET 和 COS_REGION，或手填的 Bucket 和 Region。',
    },
    NO_SUCH_UPLOAD: {
      title: '这次分块上传已经不在了',
      why: '它已在别处取消或完成，分块不再保留。',
      fix: '重新上传，从头开始。',
    },
    PRECONDITION_FAILED: {
      title: '不满足请求的条件',
      why: '请求带了条件，例如不许覆盖，而存储桶里的情况不符。',
      fix: '换一个键，或去掉这个条件。',
    },
    NOT_VERIFIED: {
      title: '内容校验没有通过',
      why: '收到的内容和文件的 MD5 不一致：数据在传输中损坏，或者同一个对象键刚被别人写过。',
      fix: '请重试。',
    },
    NOT_FROM_COS: {
      title: '响应不是 COS 返回的',
      why: '状态码表示成功，但没有 COS 的 ETag 和请求 ID。可能是 Wi-Fi 登录页或代理返回的。',
      fix: '用浏览器打开任意网页，看是否需要登录 Wi-Fi；或者换一个网络再试。',
    },
    COS_UNAVAILABLE: {
      title: 'COS 暂时不可用',
      why: '服务繁忙或内部出错。',
      fix: '稍后重试。',
    },
    UNEXPECTED_STATUS: {
      title: 'COS 拒绝了请求',
      why: 'COS 返回了本程序不认识的错误。',
      fix: '用错误码查手册（cloud.tencent.com/document/product/436/7730），或把请求 ID 提供给腾讯云技术支持。',
    },
    UNEXPECTED: {
      title: '程序出错了',
      why: '这是本程序的缺陷。',
      fix: '请带着下面的信息提交 issue。',
    },
  },
}

/** 界面上的全部文案。 */
export type Messages = typeof zhCN
