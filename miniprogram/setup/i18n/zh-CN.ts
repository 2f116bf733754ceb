/** 设置页的文案；其他页面不加载它。 */
export const zhCN = {
  /** 设置页 */
  setup: {
    title: '设置',
    intro: '哪里不通，先看检查。',
    checks: {
      title: '检查',
      again: '再检查一次',
      checking: '正在检查…',
      allFine: '没有发现问题',
      fineButOne: '没有发现问题，一项待确认',
      failed: '{count} 项不通过',
      warnings: '{count} 项要留意',
      /** 读屏时代替 ✓ ! ✗ – … */
      states: {
        running: '正在检查',
        ok: '正常',
        warning: '留意',
        failed: '不通过',
        none: '没有结论',
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
      afterServer: '要等服务器正常',
      afterKey: '要等密钥服务正常',
      notNeeded: '不需要',
      accepted: '签名有效，存储桶有应答',
    },
    library: {
      tooOld: '{version}，太旧',
      tooOldFix:
        '本程序要求基础库 2.27.0 以上。请更新微信，或在开发者工具的「详情 → 本地设置」里换。',
      lacks: '{version}，够用，但缺接口',
      noPrivacySetting: '2.32.3 起才有 wx.getPrivacySetting，所以查不到隐私声明。',
      noRestart: '3.0.1 起才有 wx.restartMiniProgram，换语言后要自己重启小程序。',
    },
    key: {
      'temporary-key': '能给临时密钥',
      'server-signed': '能签名',
      'permanent-key': '密钥已填，在手机上签名',
    },
    clock: {
      exact: '准确',
      ahead: '快 {time}',
      behind: '慢 {time}',
      phoneFix: '签名按服务器的时间算，不受影响。要校准手机，请打开系统的自动设置时间。',
      permanentKeyFix:
        '永久密钥按手机的时间签名：差太多时 COS 会先拒绝一次，再按它的时间重签。请打开系统的自动设置时间。',
      serverAhead: '服务器比 COS 快 {time}',
      serverBehind: '服务器比 COS 慢 {time}',
      serverFix: '差 15 分钟以上，COS 会拒绝服务器签的请求。请给服务器校时（NTP）。',
      unknown: '没有拿到 COS 的时间',
    },
    privacy: {
      declared: '已声明，用到时会征求同意',
      unclear: '已同意过，或没有声明',
      missing: '基础库 {version} 查不到',
      unknown: '查询失败：{reason}',
      fix: '在小程序后台「设置 → 服务内容声明 → 用户隐私保护指引」里声明：选中的照片或视频信息、选中的文件、相册（仅写入）权限、剪切板。没有声明的接口会直接失败。',
    },
    permanentKeyFix: '只用于调试。发布之前换回临时密钥或服务端签名。',
    server: {
      title: '服务器地址',
      fromConfig: '来自 config.ts',
      stored: '保存在这台手机上',
      label: '新的服务器地址',
      placeholder: 'http://192.168.1.5:3000',
      use: '使用这个地址',
      used: '已改用这个地址。',
      scan: '扫码填写',
      back: '恢复 config.ts 的地址',
      restored: '已恢复。',
      invalid: '请写成 http://192.168.1.5:3000 这样的地址，不带 ? 和 #。',
      kept: '没有采用，仍用原来的地址。',
      release: '正式版只用 config.ts 里的地址。',
      lan: '用手机调试：和电脑连同一个 Wi-Fi，在电脑上运行这条命令，再扫终端里的二维码。',
      loopback: '在手机上，127.0.0.1 和 localhost 指的是手机自己。',
      notOurs: {
        title: '这不是本项目的服务器',
        why: '这个地址有应答，但 /config 的内容不对。',
        fix: '核对地址和端口。',
      },
    },
    notSaved: {
      title: '没能记住这个选择',
      why: '小程序的本地缓存写不进去，可能已满。',
      fix: '清理小程序的缓存后再选一次。',
    },
    sources: '签名来源',
    notAllowed: '只在开发版和体验版里能用，正式版会拒绝。',
    warning:
      '永久密钥不会过期，泄露就等于交出它的全部权限。请只用子账号的密钥，而且它只能上传和下载。密钥只留在内存里，下次启动要重填。',
    required: '必填',
    optional: '可不填',
    use: '使用这把密钥',
    keyUsed: '✓ 已启用，从下一次签名起生效。',
    missing: '还没填：{fields}。',
    /** 列举字段时的分隔 */
    comma: '、',
    inUse: '正在使用：{source}',
    domains: {
      title: '域名白名单',
      text: '登记在小程序后台「开发管理 → 服务器域名」，三张名单各填各的。复制出来可以直接粘贴。',
      /** 前面是接口名 */
      list: '合法域名',
      copy: '复制',
      notAccepted: '后台不收',
      debugOnly:
        '后台只收 https 域名，不收 http、IP 地址和 localhost，这样的地址只能调试：在开发者工具里勾选「不校验合法域名」，在手机的右上角菜单里选「打开调试」。',
      unknown: '服务器没有应答，还不知道 COS 的域名。',
    },
    language: {
      title: '语言',
      follow: '跟随微信',
      restarts: '选好后小程序会重新启动。',
      nextLaunch: '下次启动小程序时生效。',
    },
    reset: {
      title: '重置',
      text: '忘掉这里选过的服务器地址、签名来源、永久密钥和语言。未完成的上传会留着。',
      confirm: '确定重置',
      cancel: '取消',
      done: '已重置。语言下次启动小程序时生效。',
    },
  },
}

export type SetupTexts = typeof zhCN
