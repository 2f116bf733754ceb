/** No control characters (a line break would begin another header), no half surrogate pairs. */
const SIGNABLE = '[^\\p{Cc}\\p{Cs}]'

export const queryValue = { type: 'string', pattern: `^${SIGNABLE}*$` }

/** HTTP drops an empty value, and spaces around it: they could not be sent as they were signed. */
export const headerValue = { type: 'string', pattern: `^(?! )${SIGNABLE}+(?<! )$` }

/** Lifetime of a signature in seconds; that of its key bounds it further. */
export const expires = { type: 'integer', minimum: 1, maximum: 86_400 }
