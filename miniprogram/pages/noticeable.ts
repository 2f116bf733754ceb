/** Milliseconds that work may take before it is spoken of. */
export const NOTICEABLE = 300
