const DOTS = '••••••'

/** A noncharacter: no text has it. */
const HIDDEN = '\uffff'

/** A SecretId names its owner: only its ends are shown. */
export function maskMiddle(text: string): string {
  return text.length > 12 ? `${text.slice(0, 6)}${DOTS}${text.slice(-4)}` : DOTS
}

/** A text without what is derived from a secret: signatures and tokens, in URLs and in headers. */
export function maskSigned(text: string): string {
  return dotted(hideSigned(text))
}

/** The same with every place kept, for a text that is cut before it is `dotted`. */
export function hideSigned(text: string): string {
  const signed = /((?:q-signature|x-cos-security-token)(?:=|%3D|: ))((?:(?!%26)[^&\s])+)/gi
  return text.replace(signed, (_, name: string, { length }: string) => name + HIDDEN.repeat(length))
}

/** What `hideSigned` has hidden, as dots: they do not tell how long it is. */
export function dotted(text: string): string {
  return text.replace(new RegExp(`${HIDDEN}+`, 'g'), DOTS)
}
