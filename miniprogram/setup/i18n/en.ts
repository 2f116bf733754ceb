import type { SetupTexts } from './zh-CN'

export const en: SetupTexts = {
  setup: {
    title: 'Setup',
    intro: 'Not working? Start with the checks.',
    checks: {
      title: 'Checks',
      again: 'Check again',
      checking: 'Checking…',
      allFine: 'No problems found',
      failed: '{count} failed',
      warnings: '{count} need attention',
      states: {
        running: 'checking',
        ok: 'passed',
        warning: 'needs attention',
        failed: 'failed',
        none: 'unknown',
      },
      names: {
        library: 'Base library',
        server: 'Server',
        key: 'Key service',
        cos: 'COS',
        clock: 'Phone clock',
        privacy: 'Privacy',
        source: 'Signing',
      },
      afterServer: 'Checked once the server works',
      afterKey: 'Checked once the key service works',
      notNeeded: 'No server needed',
      accepted: 'Signature accepted',
    },
    toPhone: 'Try what only a phone can show',
    library: {
      tooOld: '{version} is too old',
      tooOldFix:
        'This app needs base library 2.27.0 or newer. Update WeChat, or select a newer one in DevTools under Details → Local Settings.',
      lacks: '{version}, some APIs missing',
      noPrivacySetting:
        'wx.getPrivacySetting requires 2.32.3, so the privacy declaration cannot be checked.',
      noDigest:
        'File digests are documented from 3.1.2. Without them, uploads and downloads cannot be verified and fail with “The file has no digest”.',
      noRestart:
        'wx.restartMiniProgram requires 3.0.1. After you change the language, restart the app yourself.',
    },
    key: {
      'temporary-key': 'Issues temporary keys',
      'server-signed': 'Signs requests',
      'permanent-key': 'Permanent key, signs on this phone',
    },
    clock: {
      exact: 'In sync',
      ahead: '{time} ahead',
      behind: '{time} behind',
      phoneFix:
        "Signatures use the server's time, so they are not affected. To correct the phone, turn on automatic time in its settings.",
      permanentKeyFix:
        "A permanent key signs with the phone's time. If that is far off, COS rejects the first request and the app signs again with COS's time. Turn on automatic time in the phone's settings.",
      serverAhead: 'Server {time} ahead of COS',
      serverBehind: 'Server {time} behind COS',
      serverFix:
        "If it is off by 15 minutes or more, COS rejects what the server signs. Synchronize the server's clock (NTP).",
      unknown: 'COS time unknown',
    },
    privacy: {
      declared: 'Declared; users are asked on first use',
      unclear: 'Accepted or undeclared',
      missing: 'Not available in base library {version}',
      unknown: 'Could not check: {reason}',
      fix: 'Before a release, open Settings → Service content statement → User privacy protection guideline in the WeChat console. Declare selected photos or videos, selected files, album (write only), and clipboard. Calls to an undeclared API fail immediately.',
    },
    permanentKeyFix:
      'For debugging only. Before a release, switch back to temporary keys or server signing.',
    server: {
      title: 'Server address',
      fromConfig: 'From config.ts',
      stored: 'Saved on this phone',
      label: 'New server address',
      placeholder: 'http://192.168.1.5:3000',
      use: 'Use this address',
      used: 'Now using this address.',
      scan: 'Scan a QR code',
      back: 'Use config.ts',
      restored: 'Using the address in config.ts.',
      invalid: 'Enter an address such as http://192.168.1.5:3000, without ? or #.',
      kept: 'Not applied; still using the previous address.',
      release: 'A release uses only the address in config.ts.',
      lan: 'To debug on a phone, connect it to the same Wi-Fi as your computer. Run this command on the computer, then scan the QR code in the terminal.',
      loopback: 'On a phone, 127.0.0.1 and localhost are the phone itself. ',
      notOurs: {
        title: 'Not a server of this project',
        why: 'The address responds, but /config does not return the expected data.',
        fix: 'Check the address and port.',
      },
    },
    notSaved: {
      title: 'Setting not saved',
      why: "The mini program's storage cannot be written. It may be full.",
      fix: "Clear this mini program's storage, then choose again.",
    },
    sources: 'Signing source',
    notAllowed:
      ' Available only in development and trial versions, and only if serverUrl is http or permanentKeyForm in config.ts is on.',
    warning:
      'A permanent key never expires. Anyone who gets it has all of its permissions. Use only the key of a sub-account with upload and download permissions only. The key stays in memory. After a restart, enter it again.',
    required: 'required',
    optional: 'optional',
    use: 'Use this key',
    keyUsed: '✓ In use. Applies from the next signature.',
    missing: 'Enter {fields}.',
    comma: ', ',
    keyProblems: {
      SecretId:
        'A SecretId has only letters, digits and - _ . ~. Copy the whole SecretId from the CAM console.',
      SecretKey: 'Enter the SecretKey that belongs to this SecretId, without spaces.',
      Bucket: 'Enter a bucket as BucketName-APPID, such as examplebucket-1250000000.',
      Region: 'Enter the short name of a region, such as ap-guangzhou.',
      Domain: 'Enter a host such as cdn.example.com, without a path, or leave it empty.',
    },
    domains: {
      title: 'WeChat console',
      text: 'In the WeChat console, open Development → Server domains and enter one list at a time. Copied text can be pasted as is.',
      list: 'domains',
      copy: 'Copy',
      notAccepted: 'not accepted',
      local: 'Not needed',
      debugOnly:
        'Local addresses and http are for debugging only and need no entry. In DevTools, select “Do not verify valid domain names”. On a phone, turn on debugging in the menu at the top right.',
      unknown: 'The COS domain is not known yet.',
    },
    language: {
      title: 'Language',
      follow: 'Follow WeChat',
      restarts: 'The app restarts when you choose.',
      nextLaunch: 'Takes effect the next time the app starts.',
    },
    reset: {
      title: 'Reset',
      text: 'Clears the server address, signing source, permanent key and language set on this page. Unfinished uploads are kept.',
      confirm: 'Reset now',
      cancel: 'Cancel',
      done: 'Reset. The language changes the next time the app starts.',
    },
  },
  drill: {
    title: 'Failure drill',
    intro:
      'The local COS fails while a file is transferred. See what the app says and how it recovers.',
    fault: 'Choose a fault',
    way: 'Choose a transfer',
    transfer: 'Transfer a test file',
    unavailable:
      'The failure drill needs the local COS. This server uses Tencent Cloud COS, or runs with --lan.',
    faults: {
      expired: {
        name: 'Expired',
        text: 'COS rejects the signature as expired, and the re-signed one too.',
      },
      clock: {
        name: 'Clock',
        text: 'COS rejects the time as wrong, and the corrected one too.',
      },
      forbidden: { name: 'Forbidden', text: 'COS returns 403.' },
      busy: {
        name: 'Busy',
        text: 'COS returns 503. A multipart upload first retries for about 30 s.',
      },
      slow: {
        name: 'Slow',
        text: 'COS responds 12 s late. Wait until the transfer is complete; no retry is needed.',
      },
      dropped: {
        name: 'Dropped',
        text: 'The connection drops. A multipart upload first retries for about 30 s.',
      },
    },
    ways: {
      put: { name: 'PUT' },
      post: { name: 'POST form' },
      multipart: { name: 'Multipart' },
      get: { name: 'Download' },
    },
    removed: 'Fault removed. The next transfer injects it again.',
    notInjected: 'The local COS does not respond. No fault was injected, and nothing was sent.',
    notRemoved:
      'The local COS does not respond. The fault is still there: remove it in the console, or restart npm start.',
  },
  phone: {
    title: 'Phone check',
    intro:
      'Tries what only a phone can show. Files go to setup-phone-check/ under your prefix. The next check overwrites them; they are never deleted.',
    start: {
      quick: 'Start the check',
      large: 'Check large files',
      interrupted: 'Check the background',
    },
    stop: 'Stop',
    before: {
      large: 'About 2 minutes and 160 MB of traffic. Keep the app in the foreground.',
      interrupted:
        'Within 15 seconds of the tap, go to the home screen. Wait 10 seconds or longer, then come back.',
    },
    progress: 'Checking {number} of {total}',
    summary: '{passes} as expected, {differs} different, {couldNotRun} could not run',
    copy: 'Copy report',
    copyHint:
      'The report is one Markdown table to paste into an issue. It has no address, key or user id.',
    probe: 'probe',
    expected: 'expected',
    found: 'found',
    result: 'result',
    states: {
      waiting: 'not run',
      running: 'running',
      passes: 'passes',
      differs: 'differs',
      couldNotRun: 'could not run',
    },
    facts: { library: 'Base library', system: 'System', renderer: 'Renderer' },
    localCloud: 'local COS',
    realCloud: 'Tencent Cloud COS',
    unknown: 'unknown',
    groups: {
      files: 'Files',
      storage: 'Storage',
      transfers: 'Uploads and downloads',
      responses: 'Requests and responses',
      failures: 'Failed requests',
      concurrency: 'Requests at once',
      large: 'Large files and slow requests',
      interrupted: 'In the background',
    },
    correct: 'correct',
    other: 'different',
    none: 'none',
    readBack: 'written and read back',
    verified: 'MD5 matches',
    notVerified: 'MD5 not compared',
    notSent: 'not sent',
    sent: 'sent',
    reasons: {
      notSlowed: 'COS did not slow the requests down, so they ended early',
      notTold: 'COS did not return the headers that it received',
      stayed: 'the app was not in the background for 5 s',
    },
  },
}
