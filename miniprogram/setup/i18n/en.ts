import type { SetupTexts } from './zh-CN'

export const en: SetupTexts = {
  setup: {
    title: 'Setup',
    intro: 'Something does not work? The checks say what.',
    checks: {
      title: 'Checks',
      again: 'Check again',
      checking: 'Checking…',
      allFine: 'No problem found',
      fineButOne: 'No problem found; see below',
      failed: '{count} failed',
      warnings: '{count} worth a look',
      states: {
        running: 'checking',
        ok: 'fine',
        warning: 'take note',
        failed: 'failed',
        none: 'no result',
      },
      names: {
        library: 'Base library',
        server: 'Server',
        key: 'Key service',
        cos: 'COS',
        clock: 'Phone clock',
        privacy: 'Privacy',
        source: 'Signed by',
      },
      afterServer: 'Needs the server first',
      afterKey: 'Needs the key service first',
      notNeeded: 'Not needed',
      accepted: 'Signature accepted',
    },
    library: {
      tooOld: '{version} is too old',
      tooOldFix:
        'This app needs base library 2.27.0 or newer. Update WeChat, or in DevTools choose one under Details → Local Settings.',
      lacks: '{version}, some APIs missing',
      noPrivacySetting:
        'wx.getPrivacySetting came with 2.32.3: the privacy declaration cannot be checked.',
      noRestart:
        'wx.restartMiniProgram came with 3.0.1: restart the app yourself to change the language.',
    },
    key: {
      'temporary-key': 'Gives temporary keys',
      'server-signed': 'Signs requests',
      'permanent-key': 'Typed in; this phone signs',
    },
    clock: {
      exact: 'Exact',
      ahead: '{time} ahead',
      behind: '{time} behind',
      phoneFix:
        'Signatures use the time of the server, so they are not affected. To correct the phone, let it set its time automatically.',
      permanentKeyFix:
        'A permanent key signs with the time of the phone: when that is far off, COS refuses once and the app signs again with the time of COS. Let the phone set its time automatically.',
      serverAhead: 'Server {time} ahead of COS',
      serverBehind: 'Server {time} behind COS',
      serverFix:
        'From 15 minutes on, COS refuses what the server signs. Synchronize the clock of the server (NTP).',
      unknown: 'COS has not told its time',
    },
    privacy: {
      declared: 'Declared; people are asked on first use',
      unclear: 'Agreed to before, or not declared',
      missing: 'Base library {version} cannot tell',
      unknown: 'Could not ask: {reason}',
      fix: 'In the WeChat console, under Settings → Service content statement → User privacy protection guideline, declare: selected photos or videos, selected files, album (write only), clipboard. An API that is not declared fails at once.',
    },
    permanentKeyFix:
      'For debugging only. Before a release, go back to temporary keys or to the server.',
    server: {
      title: 'Server address',
      fromConfig: 'From config.ts',
      stored: 'Kept on this phone',
      label: 'New server address',
      placeholder: 'http://192.168.1.5:3000',
      use: 'Use this address',
      used: 'This address is in use now.',
      scan: 'Scan a QR code',
      back: 'Back to config.ts',
      restored: 'Back to config.ts.',
      invalid: 'Write an address such as http://192.168.1.5:3000, without ? or #.',
      kept: 'Not taken; the former address stays.',
      release: 'A release uses the address in config.ts only.',
      lan: 'To debug on a phone, join the Wi-Fi of your computer, run this there and scan the QR code in the terminal.',
      loopback: 'On a phone, 127.0.0.1 and localhost are the phone itself. ',
      notOurs: {
        title: 'Not a server of this project',
        why: 'The address answers, but /config does not give what it should.',
        fix: 'Check address and port.',
      },
    },
    notSaved: {
      title: 'The choice was not kept',
      why: 'The storage of the mini program takes no more; it may be full.',
      fix: 'Clear the storage of this mini program, then choose again.',
    },
    sources: 'Signing source',
    notAllowed: ' Works only in development and trial versions; a release refuses it.',
    warning:
      'A permanent key never expires. Anyone who gets it has all of its permissions. Use only the key of a sub-account that may upload and download and nothing else. It is kept in memory only: type it in again after a restart.',
    required: 'required',
    optional: 'optional',
    use: 'Use this key',
    keyUsed: '✓ In use from the next signature on.',
    missing: 'Still missing: {fields}.',
    comma: ', ',
    inUse: 'In use: {source}',
    domains: {
      title: 'Domain allowlists',
      text: 'Enter them in the WeChat console under Development → Server domains, each list by itself. What is copied can be pasted as it is.',
      list: 'domains',
      copy: 'Copy',
      notAccepted: 'refused',
      debugOnly:
        'The console accepts only domains with https: no http, no IP address, no localhost. Those are for debugging: in DevTools tick “Do not verify valid domain names”, on a phone turn on debugging in the menu at the top right.',
      unknown: 'The server does not answer, so the domain of COS is not known yet.',
    },
    language: {
      title: 'Language',
      follow: 'Follow WeChat',
      restarts: 'The app restarts when you choose.',
      nextLaunch: 'Takes effect when the app is next started.',
    },
    reset: {
      title: 'Reset',
      text: 'Forgets the server address, signing source, permanent key and language chosen here. Unfinished uploads stay.',
      confirm: 'Reset now',
      cancel: 'Cancel',
      done: 'Reset. The language changes when the app is next started.',
    },
  },
}
