import type { PresignTexts } from './zh-CN'

export const en: PresignTexts = {
  presign: {
    title: 'Signatures',
    playground: 'Sign a URL',
    inspector: 'Inspect a 403',
  },
  playground: {
    request: 'Request',
    signedUrl: 'Result',
    steps: 'The signature, step by step',
    send: 'Send the request',
    trickyKeys: 'Try a tricky key',
    more: 'Query, Headers, Expires',
    eachLine: 'One per line, not encoded:',
    seconds: 'In seconds.',
    address: 'Sign, Protocol, Domain…',
    domain: "Leave empty for the bucket's default domain",
    carrier: 'Where the signature goes',
    carriers: {
      flat: {
        title: 'q-… parameters',
        text: 'One URL parameter for each part. The most common way.',
      },
      sign: {
        title: 'sign parameter',
        text: 'The whole Authorization, encoded once, in the sign parameter.',
      },
      header: {
        title: 'Authorization header',
        text: 'Signature and token are headers. Does not work with wx.uploadFile or in an address bar.',
      },
    },
    sources: {
      'server-signed':
        'The server signs, so the app has no key and shows no SignKey. The server chooses the address and where the signature goes.',
      'temporary-key': 'Signed on the phone, with a temporary key.',
      'permanent-key': 'Signed on the phone, with the permanent key that you entered.',
    },
    offline: 'Signed on this page, with the key entered above.',
    keyHint: 'Used on this page only, never stored or sent. Prefer the key of a sub-account.',
    waiting: 'The URL appears here when all fields are valid.',
    unsigned: 'Not signed. A private object returns 403.',
    until: 'Valid until {time}',
    untilKeyEnds: 'Valid until {time}, when the key expires. This is earlier than Expires allows.',
    copyAs: 'Copy as',
    secretInCopy: 'The copy contains the signature. Anyone who has it can use it until it expires.',
    unsignedCopy:
      'Only the URL is unsigned. The other copies contain the signature. Anyone who has one can use it until it expires.',
    problem: 'Not valid: {reason}',
    problems: {
      Expires: 'Enter a whole number of seconds above 0.',
      Bucket: 'Enter BucketName-APPID, such as examplebucket-1250000000.',
      Region: 'Enter the short name of a region, such as ap-beijing.',
      Domain: 'Enter a host such as cdn.example.com, without a path.',
      Query: 'Names must differ in more than case and must not begin with q-.',
      Headers: 'Names must differ in more than case.',
      SecretId: 'Enter a SecretId with only letters, digits and - _ . ~.',
      SecretKey: 'Enter the SecretKey.',
    },
    wrongQuery: 'One per line, each name once. This line is wrong: {line}',
    signInQuery: 'The sign parameter carries a signature, so it cannot be used here.',
    wrongHeader: 'One "Name: value" per line, each name once. This line is wrong: {line}',
    notAscii:
      'Headers accept only ASCII characters; encode others first. This line is wrong: {line}',
    body: 'Request body',
    bodyText: 'Hello, COS',
    sentHeaders: 'Headers to send',
    sentHint: 'Change a signed header to get a 403 and see the difference.',
    resetHeaders: 'Restore the signed headers',
    typeHint:
      'Without a Content-Type, wx.request sends application/json, and COS stores that type.',
    start: 'Send',
    sending: 'Sending…',
    bodyBeginning: 'Response body (beginning)',
    binary: 'Not text, {size}.',
    noBody: 'No response body.',
    notSigned: {
      why: 'The request is not signed, and the object is private.',
      fix: 'Turn Sign on and send again.',
    },
    toInspector: 'Open in the inspector',
    retry: 'Try again',
  },
  inspector: {
    intro:
      'Paste a signed COS URL, its 403, or both, in any format. Everything you paste stays on this page.',
    signature: 'Request',
    signed: 'Signed URL, Authorization, curl command or raw request',
    signedExample: 'https://…?q-sign-algorithm=sha1&q-ak=…',
    clear: 'Clear',
    method: 'Sent with',
    signedMethod: 'Signed for',
    requestUrl: 'URL of the request',
    requestUrlHint:
      'An Authorization does not contain the address. Enter the URL that it was sent to.',
    headers: 'Headers as they were signed',
    headersHint: 'A signature lists only the names. Enter the values, one per line.',
    httpString: 'HttpString of your signer',
    httpStringHint: 'Log it in your signer and paste it here to see what was really signed.',
    secretKeyExample: 'Used here only, never stored',
    secretKeyHint:
      'With the SecretKey that signed, known mistakes are tried until one gives this signature.',
    noSignature: 'The signature is not complete: {part} is missing.',
    notSigned: 'No signature found: no q-… parameters, no sign parameter, no Authorization value.',
    otherCloud: 'This is a signature of {cloud}, not of Tencent Cloud COS.',
    signNotEncoded:
      'The sign parameter is not encoded. Encode the whole Authorization once as its value.',
    notEncoded:
      'The percent-encoding is broken: the copy is cut short, or a % is raw. In a key, write %25.',
    notRead: 'Cannot be parsed: {reason}',
    details: 'Details',
    who: 'SecretId',
    host: 'Host',
    path: 'Path',
    token: 'Token',
    noToken: 'none',
    from: 'Valid from',
    until: 'Valid until',
    remaining: '{time} left',
    over: 'expired {time} ago',
    notYet: 'valid in {time}',
    days: '{days} d {time}',
    knownKey: 'Signed by the key in use here. The key expiration is taken into account.',
    matches: 'Verified: valid for {method}.',
    keyMayEndEarlier:
      'Signed by a temporary key. The URL stops working when the key expires, which may be earlier. The key expiration is not known here.',
    nothingSuspicious: 'Nothing suspicious.',
    levels: { wrong: 'Wrong', risk: 'Risk', note: 'Note' },
    suspicions: {
      EXPIRED: {
        title: 'Expired',
        fix: 'Sign again. If that expires at once, set the clock of the machine that signs.',
      },
      NOT_YET_VALID: {
        title: 'Not valid yet',
        fix: 'The clock of the machine that signs is fast. If it is more than 15 minutes fast, COS refuses the signature.',
      },
      BAD_TIME: {
        title: 'Invalid time range',
        fix: 'q-sign-time and q-key-time are each "start;end" in unix seconds, and the end is later.',
      },
      MILLISECONDS: {
        title: 'Times in milliseconds',
        fix: 'COS wants seconds: divide Date.now() by 1000 and round it.',
      },
      ENCODED_WHOLE: {
        title: 'The URL is encoded as a whole',
        fix: 'It was decoded to read it here. Send it exactly as it was signed, without encoding it again.',
      },
      RAW_HASH: {
        title: 'A raw # in the path',
        fix: 'Clients send nothing from # on, so COS gets neither the rest of the key nor the signature. Write %23.',
      },
      RAW_QUESTION: {
        title: 'Two question marks',
        fix: 'The first one begins the parameters. In a key write %3F; further parameters begin with &.',
      },
      PATH_STYLE: {
        title: 'The bucket is in the path',
        fix: 'Buckets created since 2024 refuse path-style URLs, and the path is signed with the bucket in it. Use https://<bucket>.cos.<region>.myqcloud.com/<key>.',
      },
      OTHER_METHOD: {
        title: 'Signed for {method}',
        fix: 'Send it with {method}, or sign again.',
      },
      OTHER_SIGNATURE: {
        title: 'This key does not make this signature',
        fix: 'No method matches. The URL or headers changed after signing, or the signature is wrong.',
      },
      LIST_ENCODED_ONCE: {
        title: 'q-url-param-list is encoded only once',
        fix: 'Its names are encoded, and a URL encodes them once more: a%2fb becomes a%252fb.',
      },
      LIST_UPPER_CASE: {
        title: 'A list has capital letters',
        fix: 'q-header-list and q-url-param-list are lower-case: uploadId becomes uploadid.',
      },
      RAW_PLUS: {
        title: 'An unescaped + in the path',
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
        fix: 'The SecretId looks like that of a temporary key, which needs its token, here or in a header.',
      },
      HOST_NOT_SIGNED: {
        title: 'host is not signed',
        fix: 'Anyone who has the signature can use it on another bucket. Sign host, too.',
      },
      TYPE_NOT_SIGNED: {
        title: 'Content-Type is not signed',
        fix: 'The upload may claim any type, such as text/html. Sign one type.',
      },
      LONG_LIFE: {
        title: 'Valid for more than a day',
        fix: 'A URL cannot be revoked. To move a file, minutes are enough.',
      },
      PLAIN_HTTP: {
        title: 'Uses plain http',
        fix: 'Anyone on the network can read it, and a released mini program refuses it. Change it to https:; the signature stays valid.',
      },
      RAW_SEMICOLON: {
        title: 'Semicolons are not encoded',
        fix: 'COS accepts them, but some gateways split parameters there. %3B is safer.',
      },
    },
    answer: 'COS response',
    answerLabel: 'The 403',
    answerExample: '<Error><Code>SignatureDoesNotMatch</Code>…',
    answerHint: 'XML, JSON, the error that an SDK printed, or a log.',
    noAnswer: 'No error of COS found (no Code).',
    noFormatString: 'The response has no FormatString, so there is nothing to compare.',
    pasteUrl: 'Paste the signed URL above to compare the two.',
    enterRequestUrl: 'Enter the URL of the request above, from https:// on, to compare the two.',
    linesRestored: 'Copying changed the white space of the FormatString. Its lines were rebuilt.',
    blankLineLost: 'A blank line of the FormatString was lost in copying. It was put back.',
    copyDamaged:
      'The copy of the FormatString is not exact: its SHA-1 is not the one in the StringToSign. A difference below may come from copying.',
    comparison: 'Comparison',
  },
  manual: {
    title: 'Samples',
    intro:
      'Every sample of the manual page “Generating Pre-Signed URL”. If a download returns 404, run the upload sample at the end first.',
    source: 'Signing source:',
    changeSource: 'Change',
    copy: 'Copy code',
    workbench: 'Open in Signatures',
    run: 'Run',
    status: 'COS returned',
    file: 'Downloaded file',
    noKey: 'The server signs, so the app has no key to calculate with. Switch to temporary keys.',
    groups: {
      signature: 'Signature calculation',
      download: 'Download request samples',
      upload: 'Upload request samples',
    },
    samples: {
      'get-authorization': {
        title: 'Obtain the authentication credential for object download',
        note: 'Not on the page: in the URL parameter sign, the value is encoded once as a whole. A temporary key also needs x-cos-security-token.',
      },
      'download-1-unsigned': {
        title: 'Sample 1. Get an object URL without a signature',
        note: 'The object is private, so COS returns 403.',
      },
      'download-2-signed': {
        title: 'Sample 2. Get a signed object URL',
        note: 'Signed only if the key is already there. When the server signs, the returned URL has no signature.',
      },
      'download-3-callback': {
        title: 'Sample 3. Get a signed URL through callback',
        note: 'Error on the page: it has Sign: false, so its URL has no signature.',
      },
      'download-4-expires': {
        title: 'Sample 4. Specify the validity period of a link',
        note: 'Not on the page: the URL expires when its temporary key expires, even if Expires is longer.',
      },
      'download-5-download': {
        title: 'Sample 5. Get the object URL and download the object',
        note: 'Error on the page: if (!err) is reversed, so it never downloads. success fires for every HTTP status, so also check statusCode.',
      },
      'download-6-query-and-headers': {
        title:
          'Sample 6. Generate the pre-signed URL with the signature containing Query and Header',
        note: 'Error on the page: the host xxx always gets a 403. The host must be the one that the request goes to.',
      },
      'upload-1-put-object': {
        title: 'Sample 1. Get a pre-signed URL for Put Object upload',
        note: 'Errors on the page: with an empty header, wx.request stores application/json. success also fires for a 403. This sample uploads a picture of 8 × 8 pixels.',
      },
    },
  },
  parts: {
    signed: 'Signed: any change causes a 403',
    unknown: 'value not known: enter it above',
    free: 'Not signed: anyone can change it',
    more: 'Anyone who has the URL can add parameters and headers that are not listed.',
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
    kinds: {
      OTHER_TIME:
        'The two StringToSign have different times: this 403 belongs to another signature.',
      SHARED:
        'COS received what a correct signer signs for this URL, but the mistakes above are enough for a 403. Fix them first.',
      SAME: 'COS received exactly the HttpString that was signed. The cause is the SecretKey (cut short, with a space, or of another SecretId) or a step after the HttpString.',
      SAME_LINES:
        'COS received the four lines that were signed, but copying may have changed white space. Check in your signer that HttpString ends with a line feed, like each of its lines. If it does, the cause is the SecretKey or a step after the HttpString.',
      SAME_SO_FAR:
        'No difference found: COS received what a correct signer signs for this URL with {method}. What your signer signed is not known yet. Possible causes, most likely first:',
      KEY_FITS:
        'This SecretKey gives exactly this signature for what COS received. So this 403 belongs to another request, or COS has another key for this SecretId.',
      OTHER_KEY:
        'With this SecretKey, neither the correct HttpString nor a known mistake gives this signature. Either another SecretKey signed it, or the signer makes a mistake that is not known here.',
    },
    candidates: {
      METHOD_UNKNOWN: {
        title: 'Signed for another method',
        fix: 'A URL does not contain its method. Below, choose the method that was signed.',
      },
      PATH_SIGNED: {
        title: 'The path was signed in another form',
        fix: 'It may have been signed encoded as in the URL, without its leading /, or with the bucket in it. Log the HttpString of your signer and paste it below.',
      },
      LISTS_SIGNED: {
        title: 'The lists do not name what was signed',
        fix: 'A parameter or header was signed but not listed, listed but not signed, or signed with another value. The HttpString of your signer shows it.',
      },
      SECRET_KEY: {
        title: 'Another SecretKey',
        fix: 'It may be cut short, contain a space, or belong to another SecretId. If HttpString and FormatString are equal, the cause is the SecretKey or a later step.',
      },
    },
    mistakes: {
      method: 'The key proves it: the request was signed for one method and sent with another.',
      'raw-plus':
        'The key proves it: a plus sign was signed, and the URL has it unescaped, which is a space. Write %2B.',
      path: 'The key proves it: the path was signed in another form. Sign / and the decoded key, nothing else.',
      'list-encoded-once':
        'The key proves it: the names in q-url-param-list are encoded only once. In a URL they are encoded twice.',
      parameter:
        'The key proves it: the parameters that were signed are not those of q-url-param-list.',
      host: 'The key proves it: one host was signed, and the request went to another.',
      'content-type': 'The key proves it: one Content-Type was signed, and another was sent.',
      header: 'The key proves it: the headers that were signed are not those of q-header-list.',
      computation:
        'The key proves it: the HttpString is right, but a later step is wrong. Each string ends with a line feed, the SignKey is used as hex text, the signature is lower-case hex.',
    },
    causes: {
      METHOD: 'Signed for {ours}, sent with {theirs}. The two must be the same.',
      ENCODED_TWICE:
        '{field}: one encoding too many or too few. Sign it decoded, and encode it once in the URL.',
      PLUS: '{field}: a raw + in a URL is read as a space. Write %2B for a plus sign and %20 for a space.',
      CASE: '{field}: differs in case. COS is case-sensitive.',
      VALUE: '{field} was signed as "{ours}" and received as "{theirs}".',
      NOT_SENT:
        '{field} is signed, but was not sent, or sent empty. Send it exactly as signed, or do not sign it.',
      LIST: '{field} is on one side only: {list} must name exactly what was signed.',
      ORDER: '{field}: in another order. Sort them by encoded lower-case name.',
      PATH_SLASH: 'The path differs by a slash: it is one /, then the key.',
      PATH_BUCKET: 'The path has the bucket on one side only. The bucket belongs to the host.',
      PATH_CUT: 'The path ends before a ? or #: write %3F and %23 in the URL.',
      PATH: 'The path is that of another key, or was rewritten in transit.',
      HOST_PORT:
        'host differs by its port: signed {ours}, received {theirs}. A non-default port is signed, too.',
      HOST: 'host differs: signed {ours}, received {theirs}. It went to another domain, or a proxy rewrites Host.',
      TYPE_EXTENDED:
        'Content-Type was signed as "{ours}"; an HTTP library sent "{theirs}". Sign what it sends, or set the whole value yourself.',
      TYPE_CHANGED:
        'Content-Type was signed as "{ours}" and received as "{theirs}". Set it yourself, or the HTTP library fills in a default.',
      NOT_KNOWN:
        'COS received "{theirs}" for {field}. Whether that was signed is not known: enter the signed value above.',
      END: 'The four lines are the same, but not the end: each ends with a line feed, including the last.',
    },
  },
}
