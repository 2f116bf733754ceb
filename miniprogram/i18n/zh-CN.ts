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
    drillTitle: '故障演练',
    drillText: '模拟传输故障，查看提示',
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
      text: '服务器下发临时密钥，小程序本地签名，不必每个请求都访问服务器。',
    },
    'server-signed': {
      title: '服务端签名',
      text: '每个请求都由服务器签名，密钥不下发到手机。最严格，但每次签名多一次往返。',
    },
    'permanent-key': {
      title: '永久密钥',
      text: '手动填写密钥，小程序本地签名，不需要服务器。仅限调试。',
    },
  },
  /** 到诊断页的入口 */
  inspect: {
    url: '诊断',
    answer: '查看差在哪个字符',
    copyHelp: '复制说明链接',
    copyDetails: '复制错误信息',
  },
  /** PUT 上传页 */
  putObject: {
    title: 'PUT 上传',
    intro:
      '用 wx.request 把文件 PUT 到预签名 URL。没有进度回调，只显示用时；超过 50 MB 请用分块上传。',
    sign: '这个 URL 只能 PUT 到该对象键，且 Content-Type 必须一致。',
  },
  /** POST 表单上传页 */
  postObject: {
    title: 'POST 表单上传',
    intro: 'wx.uploadFile 只能 POST 表单，用预签名 PUT URL 必然失败，要用签名的 policy。',
    sign: '签名对象是 policy 而不是 URL，它限定对象键、大小、Content-Type 和 ACL。',
  },
  /** 分块上传页 */
  multipartUpload: {
    title: '分块上传',
    intro:
      '每个分块用 wx.request PUT，3 块并发，内存里只有这几块。支持暂停；退出小程序后可断点续传。',
    sign: '初始化、上传每个分块、校验、合并都各签一个 URL，下面是其中一个分块的。',
    preparing: '正在校验文件并签名…',
    wholeParts: '进度按 COS 已确认的分块计算。',
    kept: '已上传的分块仍保留：重试会续传，放弃会删除。',
    unfinished: '未完成的上传',
    otherFile: '此对象键有另一个文件的未完成上传。继续会上传当前文件，原来的任务仍保留在列表里。',
    resumeHint: '重新选择同一个文件即可续传。',
    cancelled: '已上传的分块已删除，重试将从头开始。',
    useKey: '使用此对象键',
  },
  /** 下载页 */
  downloadObject: {
    title: '下载',
    intro:
      '用 wx.downloadFile 下载预签名 GET URL。任何状态码都会走 success 回调，别忘了检查 statusCode。',
    sign: '这个 URL 只能 GET 该对象键。',
    recent: '最近上传',
    forget: '清除记录',
    preview: '点按图片可全屏查看',
    open: '打开文件',
    openFailed: '无法打开文件',
    text: '文本内容',
    noText: '文件为空',
    textPart: '文本内容（前 {bytes}）',
    video: '本页不播放视频，可保存到相册后观看。',
    notShown: '暂不支持预览此类文件。文件在临时目录，需要保留请调用 FileSystemManager.saveFile。',
    /** 打开本页时带来的 URL */
    given: '传入的 URL',
    givenText: '原样使用，不重新签名。',
    givenInvalid: 'URL 需以 http:// 或 https:// 开头。',
    givenRefused: '这个 URL 不会再有效，请重新签名后再打开。',
    useKey: '改用对象键下载',
    /** 保存到相册：授权的几种情况，和保存的几种结果 */
    album: {
      save: '保存到相册',
      settings: '去设置',
      unasked: '首次保存时，微信会询问是否允许。',
      allowed: '已允许写入相册。',
      denied: '没有相册写入权限，请到设置中开启。',
      saved: '已保存到相册 ✓',
      cancelled: '已取消保存。',
      undeclared: '保存失败：请在小程序后台的「用户隐私保护指引」中声明「相册（仅写入）权限」。',
      disagreed: '保存失败：你未同意隐私保护指引，再点一次可重新选择。',
      phoneDenied: '保存失败：请在手机系统设置中开启微信的照片权限。',
      notMedia: '保存失败：微信无法识别该格式，请确认上传时的 Content-Type 与内容一致。',
      failed: '保存失败：{reason}',
    },
  },
  /** 演示页的步骤标题 */
  steps: {
    file: '选择文件',
    key: '对象键',
    upload: '上传',
    download: '下载',
    code: '代码',
  },
  /** 选择文件 */
  file: {
    empty: '请先选择文件',
    emptyMany: '请先选择文件，可一次选择多个',
    media: '拍照或相册',
    chat: '从聊天记录选择',
    change: '更换',
    tooLarge: '文件超过 {limit}，一次请求无法上传。',
    toMultipart: '改用分块上传',
    keep: '不更换',
    /** 照片没有名字，用选择的时刻命名：照片-143205.jpg */
    photo: '照片',
    video: '视频',
    /** 没有名字或扩展名的文件 */
    plain: '文件',
  },
  /** 对象键输入框 */
  key: {
    prefix: '你的前缀',
    placeholder: '例如 2026-11-23/照片.jpg',
    label: '对象键，在你的前缀之下',
    EMPTY: '请输入对象键。',
    LEADING_SLASH: '对象键不能以 / 或 \\ 开头。',
    DOT_SEGMENT: '对象键不能包含 . 或 .. 路径段，HTTP 客户端会改写它。',
    TOO_LONG: '对象键连同前缀不能超过 850 字节（UTF-8）。',
    CONTROL: '对象键不能包含控制字符。',
    NOT_UNICODE: '对象键包含不完整的字符。',
  },
  /** 多文件上传的队列 */
  queue: {
    add: '可继续添加文件，上传中也可以',
    keys: '每个文件一个对象键，在第 3 步中修改。',
    sign: '每个文件各签一份 policy，这里显示最近一份。',
    total: '{count} 个文件 · {size}',
    done: '完成 {done} / {count}',
    failed: '失败 {count}',
    upload: '全部上传（{count}）',
    rest: '上传其余（{count}）',
    again: '清空并重新选择',
    clear: '清空列表',
    problems: '有 {count} 个对象键需要修改，尚未开始上传。',
    /** {number} 是列表里先出现的那一个 */
    duplicate: '与第 {number} 个文件的对象键相同，后上传的会覆盖先上传的。',
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
    title: '签名',
    until: '有效至',
    copy: '复制 URL',
    copyForm: '复制表单',
  },
  /** 复制按钮 */
  copy: {
    copied: '已复制 ✓',
    undeclared: '复制失败：请在小程序后台的「用户隐私保护指引」中声明「剪切板」。',
    refused: '复制失败：你未同意隐私保护指引。',
    failed: '复制失败：{reason}',
  },
  /** 询问。微信的按钮最多四个字 */
  confirm: {
    yes: '确定',
    no: '取消',
    clear: '清空列表？',
    forget: '清除最近上传的记录？',
    discard: '放弃这次上传？已上传的分块会被删除。',
  },
  /** 覆盖已有的对象之前 */
  overwrite: {
    title: '覆盖已有对象？',
    text: '{name} 已存在，上传后原内容不可恢复。',
  },
  /** 传输中离开页面 */
  leaving: {
    cancels: '传输尚未完成，离开会取消传输。',
    pauses: '上传尚未完成，离开会暂停上传，回到本页可续传。',
    cancelled: '传输已取消',
    paused: '上传已暂停，可在分块上传页续传',
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
    again: '重新上传',
    downloadAgain: '重新下载',
    empty: '请先选择文件',
    signing: '正在签名…',
    elapsed: '{size} · 已用 {seconds} 秒',
    retrying: '请求失败，正在重试（{number}/{max}）…',
    left: '剩余 {time}',
    /** 也可能更久：只数整块的上传，要等一整块确认才有进度 */
    stalled: '暂时没有进度…',
    /** 字节已发完，还没有最后的响应 */
    finishing: '等待 COS 确认…',
    done: '上传完成',
    downloaded: '下载完成',
    cancelled: '已取消，可以重试。',
    barLabel: '传输进度',
    toDownload: '下载这个对象',
  },
  /** 结果中的事实 */
  facts: {
    details: '详细信息',
    key: '对象键',
    type: '类型',
    notVerified: '未校验',
    requestId: '请求 ID',
    origin: '地址',
    code: '诊断代码',
    status: 'HTTP 状态',
    errorCode: 'COS 错误码',
    errorMessage: '错误信息',
    resource: '资源',
    /** 仓库里的说明 */
    help: '说明',
    helpFile: 'troubleshooting.zh-CN.md',
  },
  /**
   * 失败：发生了什么、为什么、怎么办。`detailed` 里的句子要用到细节（`{limit}` 这样的位置），
   * 细节齐全时替换同名的句子，不全时不用。
   */
  failures: {
    CANCELLED: { title: '已取消', why: '', fix: '' },
    DOMAIN_NOT_ALLOWED: {
      title: '域名未登记',
      why: '微信只放行后台登记过的域名，request、uploadFile、downloadFile 各有一个列表。',
      fix: '在小程序后台「开发管理 → 服务器域名」里登记；开发时也可在开发者工具「详情 → 本地设置」勾选「不校验合法域名」。',
      detailed: {
        fix: '在小程序后台「开发管理 → 服务器域名」的「{api} 合法域名」里填入 {origin}；开发时也可在开发者工具「详情 → 本地设置」勾选「不校验合法域名」。',
      },
    },
    PRIVACY_NOT_DECLARED: {
      title: '隐私保护指引未声明此接口',
      why: '选择文件、写入剪切板都是隐私接口，须先声明。',
      fix: '在小程序后台的「用户隐私保护指引」中声明「选中的照片或视频信息」「选中的文件」「剪切板」「相册（仅写入）权限」。',
    },
    PRIVACY_REFUSED: {
      title: '未同意隐私保护指引',
      why: '你拒绝了隐私保护指引，因此不能选择文件。',
      fix: '10 秒后再点一次，在弹窗中选择同意。',
    },
    TIMEOUT: {
      title: '超时',
      why: '网络太慢或已断开，未能按时传完。',
      fix: '检查网络后重试，会重新签名。',
    },
    INTERRUPTED: {
      title: '被系统中断',
      why: '小程序在后台超过 5 秒，微信会中断请求。',
      fix: '让小程序保持在前台，然后重试。',
    },
    NETWORK: {
      title: '连接失败',
      why: '无法建立连接，或连接中途断开。',
      fix: '检查网络。用手机调试时，手机和电脑连同一个 Wi-Fi，地址填电脑的局域网 IP，不能填 127.0.0.1。',
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
      fix: '按 errMsg 处理后重试。',
    },
    NO_WX: {
      title: '不是微信小程序',
      why: '传输依赖微信的 wx 接口，当前平台没有这些接口。尚未发送任何数据。',
      fix: '在微信小程序里传输；其他平台用 cos/ 签名，再用该平台的接口发送。',
    },
    NO_DIGEST: {
      title: '无法计算文件摘要',
      why: '当前微信的基础库不返回文件的 MD5，无法校验内容。不会上传；已下载的文件会删除。',
      fix: '请更新微信后再试。',
    },
    SIGNER_INVALID: {
      title: '签名结果不可用',
      why: '签名函数返回的请求方法、URL 或请求头与请求不一致。尚未发送任何数据。',
      fix: '检查签名函数，或检查签名服务返回的内容。',
    },
    FILE_UNREADABLE: {
      title: '无法读取文件',
      why: '临时文件可能已被清理：微信不保证它在小程序重启后还在，退出时合计超过 2 GB 也会清理。',
      fix: '请重新选择文件。',
    },
    FILE_CHANGED: {
      title: '文件已变化',
      why: '文件与开始上传时不同，继续上传会得到损坏的对象。',
      fix: '选择原来的文件，或用当前文件从头上传。',
    },
    FILE_TOO_LARGE: {
      title: '文件太大',
      why: '超过了此方式或服务器允许的大小。',
      fix: '上传：改用分块上传；PUT 和 POST 表单还受服务器 MAX_UPLOAD_BYTES 限制。下载：wx.downloadFile 最多 200 MB。',
      detailed: { why: '超过了上限 {limit}。' },
    },
    STORAGE_REFUSED: {
      title: '无法记录这次上传',
      why: '本地缓存写入失败，可能已满。',
      fix: '上传不受影响；但传完前离开本页或关闭小程序，需要从头上传。',
    },
    NO_CREDENTIALS: {
      title: '没有可用的密钥',
      why: '永久密钥未填写完整，或当前不允许使用永久密钥（正式版，或 serverUrl 为 https 且未打开 permanentKeyForm）。',
      fix: '在「设置」中填写完整的密钥，或更换签名来源。',
    },
    SERVER_UNREACHABLE: {
      title: '连不上服务器',
      why: '后端服务（登录、密钥、签名）没有响应。',
      fix: '在电脑上运行 npm start。如果地址有误，在「设置」或 config.ts 的 serverUrl 中修改。',
    },
    SERVER_REFUSED: {
      title: '服务器拒绝了请求',
      why: '请求已到达服务器，但被拒绝，或处理时出错。',
      fix: '查看下面的错误信息和服务器日志。',
    },
    KEY_NOT_ALLOWED: {
      title: '不能使用这个对象键',
      why: '每个用户只能读写自己前缀下的对象。',
      fix: '请更换对象键。',
    },
    URL_EXPIRED: {
      title: '签名已过期',
      why: '预签名 URL 的有效期已过。',
      fix: '重试时会重新签名。如果反复出现，请检查手机和服务器的时间。',
    },
    CREDENTIALS_EXPIRED: {
      title: '临时密钥已过期',
      why: '临时密钥已失效，用它签的 URL 也随之失效。',
      fix: '重试时会换用新的密钥。',
    },
    CLOCK_SKEW: {
      title: '时钟不准',
      why: '签名里的时间与 COS 相差超过 15 分钟，按 COS 的时间校正后仍被拒绝。',
      fix: '校准手机时间和服务器时间，再重试。',
    },
    SIGNATURE_MISMATCH: {
      title: '签名不匹配',
      why: 'COS 算出的签名不同：发出的内容与签名时不一致，或使用了另一把密钥。',
      fix: '对照 COS 返回的 FormatString 与签名程序的 HttpString，找出第一个不同的字符；诊断页可自动对照。',
    },
    ACCESS_DENIED: {
      title: '没有权限',
      why: '请求没有签名；或签名正确，但密钥不允许对该对象执行此操作。',
      fix: '检查密钥 policy 的操作（action）、资源（resource）和条件（condition）。',
      detailed: {
        fix: '密钥的 policy 需允许 {action}；如已允许，请检查资源（resource）和条件（condition）。',
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
      why: '请求来自浏览器，而存储桶的跨域规则不允许其来源、方法或请求头。',
      fix: '添加跨域规则：来源、方法，Allow-Headers 填 *，Expose-Headers 填 ETag 和 x-cos-request-id。',
    },
    PATH_STYLE_REFUSED: {
      title: '存储桶名应写在域名中',
      why: 'URL 把存储桶名写在路径里，2024 年起创建的存储桶不接受这种写法。',
      fix: '使用 https://<存储桶>.cos.<地域>.myqcloud.com/<对象键>，并按这个域名和路径签名。',
    },
    ACCOUNT_BLOCKED: {
      title: '账号欠费或内容被封禁',
      why: '账号已欠费，或对象、域名已被封禁。',
      fix: '请查看腾讯云控制台的站内信和费用中心。',
    },
    OBJECT_STATE: {
      title: '对象当前不可用',
      why: '对象已归档、被锁定，或正被其他请求写入。',
      fix: '归档对象需先恢复；等待其他上传结束；或换一个对象键。',
    },
    INVALID_KEY_ID: {
      title: 'COS 不认识这个 SecretId',
      why: '密钥不存在，临时密钥未携带 token，或临时密钥已过期。',
      fix: '重试时会换用新的临时密钥。手动填写的密钥请核对 SecretId；自行签名请检查 x-cos-security-token。',
    },
    NO_SUCH_KEY: {
      title: '没有这个对象',
      why: '存储桶中没有这个对象键。',
      fix: '检查对象键的拼写和大小写，或先上传。',
    },
    NO_SUCH_BUCKET: {
      title: '没有这个存储桶',
      why: '存储桶名称、APPID 或地域有误。',
      fix: '检查服务器的 COS_BUCKET 和 COS_REGION，或手动填写的 Bucket 和 Region。',
    },
    NO_SUCH_UPLOAD: {
      title: '分块上传任务不存在',
      why: '任务已被取消或已完成，分块已清理。',
      fix: '请从头重新上传。',
    },
    PRECONDITION_FAILED: {
      title: '不满足请求的条件',
      why: '请求带有条件（例如禁止覆盖），存储桶的现状不满足。',
      fix: '更换对象键，或去掉该条件。',
    },
    NOT_VERIFIED: {
      title: '内容校验未通过',
      why: '内容与文件的 MD5 不一致：数据在传输中损坏，或同一对象键刚被其他人写入。',
      fix: '请重试。',
    },
    NOT_FROM_COS: {
      title: '响应不是 COS 返回的',
      why: '状态码表示成功，但没有 COS 的 ETag 和请求 ID。可能是 Wi-Fi 登录页或代理返回的。',
      fix: '用浏览器打开任意网页，确认是否需要登录 Wi-Fi；或更换网络后重试。',
    },
    COS_UNAVAILABLE: {
      title: 'COS 暂时不可用',
      why: '服务繁忙，或内部出错。',
      fix: '稍后重试。',
    },
    UNEXPECTED_STATUS: {
      title: 'COS 拒绝了请求',
      why: 'COS 返回了未预期的结果。',
      fix: '用 COS 错误码查手册（cloud.tencent.com/document/product/436/7730），或把请求 ID 提供给腾讯云技术支持。',
    },
    UNEXPECTED: {
      title: '程序出错了',
      why: '这是本程序的缺陷。',
      fix: '请附上下面的信息提交 issue。',
    },
  },
}

/** 界面上的全部文案。 */
export type Messages = typeof zhCN
