/** 设置页和「检查这台手机」的文案；其他页面不加载它。 */
export const zhCN = {
  /** 设置页 */
  setup: {
    title: '设置',
    intro: '遇到问题先看检查结果。',
    checks: {
      title: '检查',
      again: '重新检查',
      checking: '正在检查…',
      allFine: '未发现问题',
      failed: '{count} 项未通过',
      warnings: '{count} 项需注意',
      /** 读屏时代替 ✓ ! ✗ – … */
      states: {
        running: '正在检查',
        ok: '正常',
        warning: '需注意',
        failed: '未通过',
        none: '未知',
      },
      names: {
        library: '基础库',
        server: '服务器',
        key: '密钥服务',
        cos: 'COS',
        clock: '手机时钟',
        privacy: '隐私声明',
        source: '签名来源',
      },
      afterServer: '服务器恢复后检查',
      afterKey: '密钥服务恢复后检查',
      notNeeded: '无需服务器',
      accepted: '签名有效，存储桶可访问',
    },
    toPhone: '检查只有真机才能确认的行为，并生成报告',
    library: {
      tooOld: '{version}，版本过低',
      tooOldFix:
        '本程序要求基础库 2.27.0 或更高版本。请更新微信，或在开发者工具的「详情 → 本地设置」中切换。',
      lacks: '{version}，可用，缺少部分接口',
      noPrivacySetting: '低于 2.32.3，没有 wx.getPrivacySetting，无法检查隐私声明。',
      noDigest:
        '低于 3.1.2。微信文档从 3.1.2 起才有文件摘要，较低版本可能没有。没有摘要时，无法校验上传和下载的内容，传输会以「无法计算文件摘要」失败。',
      noRestart: '低于 3.0.1，没有 wx.restartMiniProgram，切换语言后需手动重启小程序。',
    },
    key: {
      'temporary-key': '可下发临时密钥',
      'server-signed': '可签名',
      'permanent-key': '已填写永久密钥，本地签名',
    },
    clock: {
      exact: '准确',
      ahead: '快 {time}',
      behind: '慢 {time}',
      phoneFix: '签名使用服务器时间，不受影响。如需校准手机时间，请在系统设置中开启自动设置时间。',
      permanentKeyFix:
        '永久密钥使用手机时间签名，偏差过大时 COS 会拒绝一次，小程序再按 COS 时间重签。请在系统设置中开启自动设置时间。',
      serverAhead: '服务器比 COS 快 {time}',
      serverBehind: '服务器比 COS 慢 {time}',
      serverFix: '偏差达到 15 分钟，COS 会拒绝服务器签名的请求。请同步服务器时间（NTP）。',
      unknown: '未获取到 COS 时间',
    },
    privacy: {
      declared: '已声明，使用时征求同意',
      unclear: '已授权或未声明（无法区分）',
      missing: '基础库 {version} 无法查询',
      unknown: '查询失败：{reason}',
      fix: '发布前，在小程序后台「设置 → 服务内容声明 → 用户隐私保护指引」中声明「选中的照片或视频信息」「选中的文件」「相册（仅写入）权限」「剪切板」。未声明的接口会直接调用失败。',
    },
    permanentKeyFix: '仅限调试。发布前请换回临时密钥或服务端签名。',
    server: {
      title: '服务器地址',
      fromConfig: '来自 config.ts',
      stored: '保存在本机',
      label: '新的服务器地址',
      placeholder: 'http://192.168.1.5:3000',
      use: '使用此地址',
      used: '已改用此地址。',
      scan: '扫码填写',
      back: '恢复 config.ts 的地址',
      restored: '已恢复。',
      invalid: '请填写 http://192.168.1.5:3000 格式的地址，不含 ? 和 #。',
      kept: '未生效，仍使用原地址。',
      release: '正式版只使用 config.ts 中的地址。',
      lan: '真机调试时，手机和电脑连接同一个 Wi-Fi，在电脑上运行以下命令，再扫描终端里的二维码。',
      loopback: '在手机上，127.0.0.1 和 localhost 指向手机本身。',
      notOurs: {
        title: '这不是本项目的服务器',
        why: '该地址有响应，但 /config 返回的内容不符合要求。',
        fix: '请核对地址和端口。',
      },
    },
    notSaved: {
      title: '设置保存失败',
      why: '小程序的本地缓存无法写入，可能已满。',
      fix: '请清理小程序的缓存后重新选择。',
    },
    sources: '签名来源',
    notAllowed:
      '仅开发版和体验版可用，且 serverUrl 须为 http，或已打开 config.ts 的 permanentKeyForm。',
    warning:
      '永久密钥不会过期，泄露即等于交出全部权限。请使用仅有上传、下载权限的子账号密钥。密钥只保存在内存中，下次启动需重新填写。',
    required: '必填',
    optional: '选填',
    use: '使用此密钥',
    keyUsed: '✓ 已启用，下次签名起生效。',
    missing: '请填写：{fields}。',
    /** 列举字段时的分隔 */
    comma: '、',
    /** 永久密钥哪个字段不对 */
    keyProblems: {
      SecretId: 'SecretId 只能包含字母、数字和 - _ . ~。请从「访问管理」控制台完整复制。',
      SecretKey: 'SecretKey 不正确，请填写与 SecretId 配对的 SecretKey，不含空格。',
      Bucket: 'Bucket 格式为 BucketName-APPID，例如 examplebucket-1250000000。',
      Region: 'Region 填写地域简称，例如 ap-guangzhou。',
      Domain: 'Domain 填写域名，例如 cdn.example.com，不含路径；也可以不填。',
    },
    domains: {
      title: '小程序后台',
      text: '在小程序后台「开发管理 → 服务器域名」中填写。三个列表分别填写，复制后可直接粘贴。',
      /** 前面是接口名 */
      list: '合法域名',
      copy: '复制',
      notAccepted: '不可登记',
      local: '本地地址无需登记',
      debugOnly:
        '本地地址和 http 地址只能用于调试，无需登记。在开发者工具中勾选「不校验合法域名」；在手机上，点右上角菜单中的「打开调试」。',
      unknown: '尚无法确定 COS 域名。',
    },
    language: {
      title: '语言',
      follow: '跟随微信',
      restarts: '选择后小程序会重新启动。',
      nextLaunch: '下次启动小程序时生效。',
    },
    reset: {
      title: '重置',
      text: '清除本页的服务器地址、签名来源、永久密钥和语言设置，未完成的上传会保留。',
      confirm: '确定重置',
      cancel: '取消',
      done: '已重置。语言在下次启动小程序时生效。',
    },
  },
  /** 故障演练页，只在本地 COS 上有 */
  drill: {
    title: '故障演练',
    intro: '让本地 COS 在一次传输中出现故障，查看小程序如何提示和恢复。',
    fault: '选择故障',
    way: '选择传输方式',
    transfer: '传输测试文件',
    unavailable: '故障演练需要本地 COS。当前连接的是腾讯云 COS，或服务以 --lan 启动，无法演练。',
    faults: {
      expired: { name: '签名过期', text: 'COS 将返回「签名已过期」，自动重签后仍被拒绝。' },
      clock: { name: '时钟不准', text: 'COS 将返回「时间偏差过大」，校正后重签仍被拒绝。' },
      forbidden: { name: '没有权限', text: 'COS 将返回 403。' },
      busy: { name: '服务繁忙', text: 'COS 将返回 503。分块上传会先自动重试约 30 秒。' },
      slow: { name: '响应慢', text: 'COS 将延迟 12 秒响应，请等待完成，无需重试。' },
      dropped: { name: '断线', text: '连接将断开。分块上传会先自动重试约 30 秒。' },
    },
    ways: {
      put: { name: 'PUT' },
      post: { name: 'POST 表单' },
      multipart: { name: '分块' },
      get: { name: '下载' },
    },
    removed: '故障已解除，再次传输会重新触发。',
    notInjected: '本地 COS 未响应，故障未生效，没有开始传输。',
    notRemoved:
      '本地 COS 未响应，故障未解除。请在本地云控制台中点「全部清除」，或重新运行 npm start。',
  },
  /** 检查这台手机 */
  phone: {
    title: '检查这台手机',
    intro:
      '检查只有真机才能确认的行为。文件写入你的前缀下的 setup-phone-check/，再次检查时会覆盖，不会自动删除。',
    start: {
      quick: '开始检查',
      large: '检查大文件',
      interrupted: '检查切到后台',
    },
    stop: '停止',
    before: {
      large: '约 2 分钟，约 160 MB 流量。请保持小程序在前台。',
      interrupted: '点按钮后 15 秒内回到桌面，等 10 秒以上再回来。',
    },
    progress: '正在检查 {number} / {total}',
    summary: '{passes} 项符合，{differs} 项不同，{couldNotRun} 项无法检查',
    copy: '复制报告',
    copyHint: '报告是一张 Markdown 表格，不含地址、密钥和用户标识，可直接粘贴到 issue。',
    /** 报告的表头；预期和实测也在每一项里 */
    probe: '检查项',
    expected: '预期',
    found: '实测',
    result: '结果',
    states: {
      waiting: '未检查',
      running: '正在检查',
      passes: '符合',
      differs: '不同',
      couldNotRun: '无法检查',
    },
    facts: { library: '基础库', system: '系统', renderer: '渲染引擎' },
    localCloud: '本地 COS',
    realCloud: '腾讯云 COS',
    unknown: '未知',
    groups: {
      files: '文件',
      storage: '本地缓存',
      transfers: '上传与下载',
      responses: '请求与响应',
      failures: '请求失败',
      concurrency: '同时进行的请求',
      large: '大文件和慢请求',
      interrupted: '切到后台',
    },
    /** 预期和实测 */
    correct: '正确',
    other: '不一致',
    none: '无',
    readBack: '写入后读回一致',
    verified: 'MD5 一致',
    notVerified: 'MD5 未核对',
    notSent: '未发送',
    sent: '已发送',
    reasons: {
      notSlowed: 'COS 没有限速，请求过早结束',
      notTold: 'COS 没有返回它收到的请求头',
      stayed: '没有切到后台 5 秒以上',
    },
  },
}

export type SetupTexts = typeof zhCN
