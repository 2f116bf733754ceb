import type { PresignTexts } from './zh-CN'

export const en: PresignTexts = {
  presign: {
    title: 'Signatures',
    playground: 'Sign a URL',
    inspector: 'Inspect a 403',
  },
  playground: {
    intro: 'Change any field: the signature follows at once, with each step below.',
    request: 'Request',
    signedUrl: 'Signed request',
    steps: 'The signature, step by step',
    send: 'Try it',
    hardKeys: 'Keys that are hard to sign: tap one',
    refusedKeys: 'Keys that are refused: see why',
    more: 'Query, Headers, Expires',
    eachLine: 'One on each line, not encoded:',
    expires: 'Expires (seconds)',
    address: 'Sign, address, carrier',
    domain: "Empty: the bucket's own domain",
    carrier: 'Where the signature travels',
    carriers: {
      flat: { title: 'q-… parameters', text: 'One URL parameter for each part: the usual way.' },
      sign: {
        title: 'sign parameter',
        text: 'The whole Authorization, encoded once, as the parameter sign.',
      },
      header: {
        title: 'Authorization header',
        text: 'Signature and token travel as headers. Not for wx.uploadFile or an address bar.',
      },
    },
    sources: {
      'server-signed':
        'The server signs: no key on the phone, so no SignKey; address and carrier are its choice.',
      'temporary-key': 'Signed on the phone, with a temporary key.',
      'permanent-key': 'Signed on the phone, with the permanent key you typed in.',
    },
    waiting: 'The URL shows here once all fields are right.',
    unsigned: 'Not signed: a private object answers 403.',
    until: 'Valid until {time}',
    copyAs: 'Copy as',
    secretInCopy: 'The copy carries the signature: whoever has it can use it while it is valid.',
    unsignedCopy:
      'The URL alone is not signed. The others are: whoever has one can use it while it is valid.',
    problem: 'This is not allowed here: {reason}',
    problems: {
      Expires: 'A whole number of seconds above 0: {reason}',
      Bucket: 'A bucket is written BucketName-APPID: {reason}',
      Region: 'A region is written like ap-beijing: {reason}',
    },
    wrongQuery: 'One on each line, no name twice. This line is wrong: {line}',
    signInQuery: 'The parameter sign carries a signature, so it cannot be used here.',
    wrongHeader: 'One "Name: value" on each line, no name twice. This line is wrong: {line}',
    notAscii: 'Headers take ASCII characters only: encode others first. This line is wrong: {line}',
    body: 'Text to send',
    bodyText: 'Hello, COS',
    sentHeaders: 'Headers that are sent',
    sentHint: 'Change one that is signed, and see the 403 and where it differs.',
    resetHeaders: 'Back to those that are signed',
    typeHint: 'No Content-Type: wx.request sends application/json, which becomes its type.',
    start: 'Send',
    sending: 'Sending…',
    bodyBeginning: 'Beginning of the body',
    binary: 'Not text, {size}.',
    noBody: 'No body.',
    notSigned: {
      why: 'The request is not signed, and the object is private.',
      fix: 'Turn Sign on and send again.',
    },
    toInspector: 'Open in the inspector',
    retry: 'Try again',
  },
  inspector: {
    intro:
      'Paste a signed COS URL and its 403, and see which character differs. What you paste stays on the phone.',
    signature: 'Signature',
    signed: 'Signed URL or Authorization',
    clear: 'Clear',
    method: 'Method of the request',
    methodHint: 'A URL does not tell it. Until you choose: that of the 403, or GET.',
    requestUrl: 'URL of the request',
    requestUrlHint:
      'An Authorization has no address: enter where it is sent, to see what it signs.',
    headers: 'Headers as they were signed',
    headersHint: 'A URL has only their names. Enter the values, one on each line.',
    noSignature: 'The signature is not complete: {part} is missing.',
    notSigned:
      'There is no signature here: no parameters q-…, no parameter sign, no whole Authorization.',
    signNotEncoded:
      'The parameter sign is not encoded: a whole Authorization is encoded once to be its value.',
    notEncoded: 'The percent-encoding is broken: perhaps the copy is cut short.',
    notRead: 'This cannot be read: {reason}',
    details: 'Taken apart',
    who: 'Signed by',
    host: 'Host',
    path: 'Path',
    token: 'Token',
    noToken: 'none',
    from: 'From',
    until: 'Until',
    left: '{time} left',
    over: 'expired {time} ago',
    notYet: 'valid in {time}',
    days: '{days} d {time}',
    knownKey: "This phone's own key; its end is counted in.",
    matches: 'Computed again: sent with {method}, the signature is right.',
    keyMayEndEarlier:
      'A temporary key signed it, and the URL ends with that: when, cannot be seen here.',
    nothingSuspicious: 'Nothing suspicious.',
    levels: { wrong: 'Wrong', risk: 'Risk', note: 'Note' },
    suspicions: {
      EXPIRED: {
        title: 'It has expired',
        fix: 'Sign anew. If that expires at once, set the clock of the machine that signs.',
      },
      NOT_YET_VALID: {
        title: 'It is not valid yet',
        fix: 'The clock of the machine that signs is fast; beyond 15 minutes COS refuses it.',
      },
      BAD_TIME: {
        title: 'Its time makes no sense',
        fix: 'q-sign-time and q-key-time are each "start;end" in unix seconds, the end being later.',
      },
      OTHER_METHOD: {
        title: 'It is signed for {method}',
        fix: 'Send it with {method}, or sign anew.',
      },
      OTHER_SIGNATURE: {
        title: 'This key does not make this signature',
        fix: 'No method fits: URL or headers were changed after signing, or signed wrong.',
      },
      LIST_ENCODED_ONCE: {
        title: 'q-url-param-list lacks an encoding',
        fix: 'Its names are encoded, and a URL encodes them once more: a%2fb becomes a%252fb.',
      },
      LIST_UPPER_CASE: {
        title: 'A list has capital letters',
        fix: 'q-header-list and q-url-param-list are lower-case: uploadId becomes uploadid.',
      },
      RAW_PLUS: {
        title: 'A raw + in the path',
        fix: 'COS reads it as a space. Where the key has a plus sign, write %2B.',
      },
      TOKEN_CHANGED: {
        title: 'x-cos-security-token has been changed',
        fix: 'It is not as it was issued: cut short, or a raw + was read as a space. Write %2B.',
      },
      TOKEN_MISSING: {
        title: 'x-cos-security-token is missing',
        fix: 'A temporary key signed this: its token belongs in a header, or in the URL, encoded.',
      },
      TOKEN_NEEDED: {
        title: 'x-cos-security-token may be missing',
        fix: 'The SecretId is long, as for a temporary key: that needs its token, here or in a header.',
      },
      HOST_NOT_SIGNED: {
        title: 'host is not signed',
        fix: 'Whoever has it can use it on another bucket. List host when signing.',
      },
      TYPE_NOT_SIGNED: {
        title: 'Content-Type is not signed',
        fix: 'The upload may claim any type, such as text/html. Sign one type.',
      },
      LONG_LIFE: {
        title: 'It lives for over a day',
        fix: 'A URL cannot be called back. To move a file, minutes are enough.',
      },
      PLAIN_HTTP: {
        title: 'It goes over http:',
        fix: 'Anybody on the way sees it, and a released mini program refuses it. Change it to https:; no need to sign anew.',
      },
      RAW_SEMICOLON: {
        title: 'Semicolons are not encoded',
        fix: 'COS takes them, but some gateways split parameters there. %3B is safer.',
      },
    },
    answer: 'Answer of COS',
    answerLabel: 'Body of the 403',
    answerHint: 'Copied from a log will do: leave each \\n as it is.',
    noAnswer: 'No error document of COS here: it has at least a Code.',
    noFormatString: 'The answer has no FormatString, so there is nothing to compare.',
    pasteUrl: 'Paste the signed URL above to compare the two.',
    enterRequestUrl: 'Enter the URL of the request above, from https:// on, to compare the two.',
    comparison: 'Where what COS received differs from what was signed',
  },
  parts: {
    signed: 'Signed: one changed character is a 403',
    unknown: 'value not known: enter it above',
    free: 'Free: anybody may change it',
    more: 'Whoever has the URL may add parameters and headers that are not listed.',
  },
  secret: {
    show: 'Tap to show',
    hide: 'Tap to hide',
  },
  compare: {
    where: 'Line {line} ({name}), character {column}',
    same: 'the same',
    differs: 'different',
    theirs: 'COS received',
    ours: 'signed',
    lines: { method: 'method', path: 'path', params: 'parameters', headers: 'headers' },
    empty: '(empty)',
    otherTime: 'The two StringToSign have different times: this answer is to another signature.',
    equal:
      'COS received exactly what was signed. Most likely the SecretKey is wrong (cut short, a space, another SecretId), or the signature was changed on its way.',
    equalButMethod:
      '{equal} But a URL does not tell its method: if it was not signed for {method}, that is why.',
    equalButWrong:
      'COS received what was signed, but the mistakes above are enough for a 403: mend them first.',
    causes: {
      METHOD: 'Signed for {ours}, sent with {theirs}. The two must be the same.',
      ENCODED_TWICE:
        '{field}: encoded once too often, or too rarely. Sign it decoded, and encode it once in the URL.',
      PLUS: '{field}: a raw + in a URL is read as a space. Write %2B for a plus sign and %20 for a space.',
      CASE: '{field}: differs in case, and COS minds that.',
      VALUE: '{field} was signed as "{ours}" and received as "{theirs}".',
      NOT_SENT:
        '{field} is signed, but the request lacks it or its value. All that is signed must be sent.',
      LIST: '{field} is on one side only: {list} must name exactly what was signed.',
      ORDER: '{field}: in another order. Sort them by encoded lower-case name.',
      PATH_SLASH: 'The path differs by a slash: it is one /, then the key.',
      PATH: 'It is another key, or the path was rewritten on its way.',
      HOST_PORT:
        'host differs by its port: signed {ours}, received {theirs}. A non-default port is signed, too.',
      HOST: 'host differs: signed {ours}, received {theirs}. It went to another domain, or a proxy rewrites Host.',
      TYPE_EXTENDED:
        'Content-Type was signed as "{ours}"; an HTTP library sent "{theirs}". Sign what it sends, or set the whole value yourself.',
      TYPE_CHANGED:
        'Content-Type was signed as "{ours}" and received as "{theirs}". Set it yourself, or the HTTP library fills in a default.',
      NOT_KNOWN:
        'COS received "{theirs}" for {field}. The URL lacks the signed value: enter it above, under the headers as they were signed.',
      END: 'The four lines are the same, but not the end: each ends with a line feed, the last one, too.',
    },
  },
}
