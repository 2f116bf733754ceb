import type { PresignTexts } from './zh-CN'

export const en: PresignTexts = {
  presign: {
    title: 'Signatures',
    tabs: 'What this page shows',
    playground: 'Sign a URL',
    inspector: 'Inspect a 403',
  },
  playground: {
    intro: 'Change any field and the signature follows at once, with each of its steps below.',
    request: 'Request',
    signedUrl: 'Signed request',
    url: 'Signed URL',
    steps: 'The signature, step by step',
    send: 'Try it',
    method: 'Method',
    hardKeys: 'Keys that are hard to sign: tap one',
    refusedKeys: 'Keys that are refused: see why',
    more: 'Query, Headers, Expires',
    query: 'Query',
    queryPlaceholder:
      'One on each line, not encoded:\nimageMogr2/thumbnail/200x/\nresponse-content-type=text/plain',
    headers: 'Headers',
    headersPlaceholder: 'One on each line:\nContent-Type: text/plain',
    expires: 'Expires (seconds)',
    address: 'Sign, address, carrier',
    sign: 'Sign',
    signText: 'Off gives the URL without a signature',
    protocol: 'Protocol',
    domainPlaceholder: "Empty: the bucket's own domain",
    carrier: 'Where the signature travels',
    carriers: {
      flat: {
        title: 'q-… parameters',
        text: 'In parameters of the URL, one for each part: the usual way.',
      },
      sign: {
        title: 'sign parameter',
        text: 'The whole Authorization, encoded once, in a single parameter named sign.',
      },
      header: {
        title: 'Authorization header',
        text: 'A clean URL; signature and token travel as headers. Not for wx.uploadFile or an address bar.',
      },
    },
    byServer:
      'The server signs: the key is not on the phone, so there is no SignKey to show, and the server decides on address and carrier.',
    byTemporaryKey: 'Signed on the phone, with a temporary key.',
    byPermanentKey: 'Signed on the phone, with the permanent key that you typed in.',
    waiting: 'The URL shows here once all fields are right.',
    unsigned: 'Not signed: a private object answers 403.',
    until: 'Valid until {time}',
    copyAs: 'Copy as',
    copies: {
      url: 'URL',
      authorization: 'Authorization',
      curl: 'curl',
      code: 'wx code',
    },
    secretInCopy:
      'What is copied carries the signature: whoever has it can use it while it is valid.',
    stepTexts: {
      KeyTime: 'Start and end, in unix seconds',
      SignKey: 'HMAC-SHA1(SecretKey, KeyTime)',
      HttpString: 'Method, path, parameters, headers',
      StringToSign: 'sha1, KeyTime, SHA1(HttpString)',
      Signature: 'HMAC-SHA1(SignKey, StringToSign)',
    },
    signedParts: 'Signed',
    freeParts: 'Free',
    free: 'Whoever has the URL may add parameters and headers that are not listed.',
    emptyValue: '(empty)',
    problems: {
      Method: 'This method cannot be used: {reason}',
      Key: 'This key cannot be used: {reason}',
      Query: 'Parameters cannot be written so: {reason}',
      Headers: 'Headers cannot be written so: {reason}',
      Expires: 'A lifetime is a whole number of seconds above 0: {reason}',
      Protocol: 'Wrong protocol: {reason}',
      Domain: 'A domain cannot be written so: {reason}',
      Bucket: 'A bucket is written BucketName-APPID: {reason}',
      Region: 'A region is written like ap-beijing: {reason}',
    },
    wrongQuery: 'One parameter on each line, no name twice. This line is wrong: {line}',
    signInQuery: 'A parameter named sign carries a signature, so it cannot be used here.',
    wrongHeader:
      'One on each line, written "Name: value", no name twice. This line is wrong: {line}',
    body: 'Text to send',
    bodyText: 'Hello, COS',
    sentHeaders: 'Headers that are sent',
    sentHint: 'Change one that is signed, and see the 403 and where it differs.',
    resetHeaders: 'Back to those that are signed',
    typeHint:
      'No Content-Type: wx.request then sends application/json, and that becomes the type of the object.',
    start: 'Send',
    again: 'Send again',
    sending: 'Sending…',
    sent: 'Answer to the {method}',
    bodyBeginning: 'Beginning of the body',
    binary: 'Not text, {size}.',
    noBody: 'No body.',
    notSigned: {
      why: 'The request is not signed, and the object is private.',
      fix: 'Turn Sign on and send it again.',
    },
    toInspector: 'Open in the inspector',
    retry: 'Try again',
  },
  inspector: {
    intro:
      'Paste any signed COS URL and the 403 that it got, and see which character differs. All of it is computed on the phone; nothing is sent.',
    signature: 'Signature',
    signed: 'Signed URL or Authorization',
    signedPlaceholder: 'https://…?q-sign-algorithm=sha1&q-ak=…',
    another: 'Use another',
    clear: 'Clear',
    method: 'Method of the request',
    methodHint:
      'A URL does not tell its method, so choose it. Until then it is that of the 403, or GET.',
    requestUrl: 'URL of the request',
    requestUrlHint:
      'An Authorization has no address: enter the URL it is sent to, to see what it signs.',
    headers: 'Headers as they were signed',
    headersHint: 'A URL has only their names, so enter the values, one on each line.',
    noSignature: 'The signature is not complete: {part} is missing.',
    notSigned:
      'There is no signature here. It needs the parameters q-sign-algorithm, q-ak and so on, a parameter sign, or a whole Authorization.',
    notEncoded: 'The percent-encoding is broken; perhaps it was not copied to its end.',
    notRead: 'This cannot be read: {reason}',
    details: 'Taken apart',
    who: 'Signed by',
    host: 'Host',
    unknownHost: 'not known',
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
      'It has a token, so a temporary key signed it: should that end first, the URL ends with it. When that is cannot be seen here.',
    signedParts: 'Signed: one changed character is a 403',
    freeParts: 'Free: anybody may change it',
    nothingSigned: 'No parameter and no header is signed.',
    nothingFree: 'The URL has no other parameter. Whoever has it may add what is not listed.',
    valueUnknown: 'value not known: enter it above',
    ours: 'The HttpString that follows from it',
    nothingSuspicious: 'Nothing suspicious.',
    levels: { wrong: 'Wrong', risk: 'Risk', note: 'Note' },
    suspicions: {
      EXPIRED: {
        title: 'It has expired',
        fix: 'Sign anew. If it expires as soon as it is signed, set the clock of the machine that signs.',
      },
      NOT_YET_VALID: {
        title: 'It is not valid yet',
        fix: 'The clock of the machine that signs is fast; beyond 15 minutes COS refuses outright.',
      },
      BAD_TIME: {
        title: 'Its time makes no sense',
        fix: 'q-sign-time and q-key-time are each "start;end" in unix seconds, the end being later.',
      },
      OTHER_METHOD: {
        title: 'It is signed for {method}',
        fix: 'Send it with {method}, or sign anew for the method that you use.',
      },
      OTHER_SIGNATURE: {
        title: 'This key does not make this signature',
        fix: 'No method fits: URL or headers were changed after signing, or were wrong when it was signed.',
      },
      LIST_ENCODED_ONCE: {
        title: 'q-url-param-list lacks an encoding',
        fix: 'The names in it are encoded themselves, so a URL encodes them once more: a%2fb becomes a%252fb.',
      },
      LIST_UPPER_CASE: {
        title: 'A list has capital letters',
        fix: 'The names in q-header-list and q-url-param-list are lower-case: uploadId becomes uploadid.',
      },
      RAW_PLUS: {
        title: 'A raw + in the path',
        fix: 'COS reads it as a space. Where the key has a plus sign, write %2B.',
      },
      TOKEN_CHANGED: {
        title: 'x-cos-security-token has been changed',
        fix: 'It is not as it was issued. In a URL it must be encoded: a raw + is read as a space, so write %2B. Or it was not copied to its end.',
      },
      TOKEN_MISSING: {
        title: 'x-cos-security-token is missing',
        fix: 'A temporary key signed this: its token belongs in the URL, encoded.',
      },
      TOKEN_NEEDED: {
        title: 'x-cos-security-token may be missing',
        fix: 'This SecretId is longer than that of a permanent key. That of a temporary key needs its token, unless a header brings it.',
      },
      HOST_NOT_SIGNED: {
        title: 'host is not signed',
        fix: 'Whoever has it can use it on another bucket. List host when signing.',
      },
      TYPE_NOT_SIGNED: {
        title: 'Content-Type is not signed',
        fix: 'The upload may claim any type, such as text/html. Fix the Content-Type when signing.',
      },
      LONG_LIFE: {
        title: 'It lives for over a day',
        fix: 'A URL cannot be called back. To move a file, minutes are enough.',
      },
      PLAIN_HTTP: {
        title: 'It goes over http:',
        fix: 'Anybody on the way sees signature and content, and a released mini program takes https: only. Change it to https:; no need to sign anew.',
      },
      RAW_SEMICOLON: {
        title: 'Semicolons are not encoded',
        fix: 'COS takes them, but some gateways and frameworks split parameters there. %3B is safer.',
      },
    },
    answer: 'Answer of COS',
    answerLabel: 'Body of the 403',
    answerPlaceholder: '<Error><Code>SignatureDoesNotMatch</Code>…',
    answerHint: 'Copied from a log will do: leave each \\n as it is.',
    noAnswer: 'There is no error document of COS here: it has at least a Code.',
    noFormatString: 'The answer has no FormatString, so there is nothing to compare.',
    pasteUrl: 'Paste the signed URL above to compare the two.',
    enterRequestUrl: 'Enter the URL of the request above, from https:// on, to compare the two.',
    comparison: 'Where what COS received differs from what was signed',
    theirFormatString: 'What COS received (FormatString)',
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
    otherTime:
      'The times in the two StringToSign differ: this answer belongs to another signature.',
    equal:
      'COS received exactly what was signed. Most likely the SecretKey is wrong (a space or a missing character in the copy, or not that of this SecretId), or the signature was changed on its way.',
    equalButMethod:
      'But for the method, COS received exactly what was signed, and a URL does not tell its method. If it was not signed for {method}, that is why. If it was, most likely the SecretKey is wrong, or the signature was changed on its way.',
    equalButWrong:
      'COS received what was signed, but the mistakes listed above are enough for a 403: mend them first.',
    causes: {
      METHOD: 'Signed for {ours}, sent with {theirs}. The two must be the same.',
      PATH_ENCODED_TWICE:
        'The path is encoded once too often. Sign it decoded, and encode it once in the URL.',
      PATH_PLUS:
        'A plus sign in the path: a raw + in a URL is read as a space. Write %2B for a plus sign and %20 for a space.',
      PATH_SLASH: 'The path differs by a slash. It begins with one /, and then comes the key.',
      PATH_CASE: 'The key differs in case, and COS minds that.',
      PATH: 'It is another key, or something on the way has rewritten the path.',
      PARAM_NOT_SENT:
        'Parameter {field} is signed, but the request does not carry it, or not its value.',
      PARAM_ENCODED_TWICE:
        'The value of parameter {field} is encoded once too often, or too rarely. Encode it once in the URL.',
      PARAM_PLUS:
        'A plus sign in parameter {field}: a raw + in a URL is read as a space. Write %2B.',
      PARAM_VALUE: 'Parameter {field} was signed as "{ours}" and received as "{theirs}".',
      PARAM_LIST:
        'Parameter {field} is on one side only: q-url-param-list must name exactly what was signed.',
      PARAM_ORDER: 'The parameters are in another order. Sort them by encoded lower-case name.',
      HOST_PORT:
        'host differs by its port: signed {ours}, received {theirs}. A port that is not the default is signed, too.',
      HOST: 'host differs: signed {ours}, received {theirs}. It went to another domain, or a proxy rewrites Host.',
      TYPE_EXTENDED:
        'Content-Type was signed as "{ours}" and sent longer, as "{theirs}". An HTTP library did that: sign what it sends, or set the whole value yourself.',
      TYPE_CHANGED:
        'Content-Type was signed as "{ours}" and received as "{theirs}". Set it yourself, or the HTTP library fills in a default.',
      HEADER_NOT_SENT:
        'Header {field} is signed, but the request does not carry it. Every signed header must be sent.',
      HEADER_NOT_KNOWN:
        'COS received "{theirs}" for {field}. A URL does not have the signed value: enter it above, under the headers as they were signed.',
      HEADER_CASE: 'Header {field} differs in case: signed "{ours}", received "{theirs}".',
      HEADER_VALUE: 'Header {field} was signed as "{ours}" and received as "{theirs}".',
      HEADER_LIST:
        'Header {field} is on one side only: q-header-list must name exactly what was signed.',
      HEADER_ORDER: 'The headers are in another order. Sort them by lower-case name.',
      END: 'The four lines are the same, but not the end: every line of the HttpString ends with a line feed, the last one, too.',
    },
  },
}
