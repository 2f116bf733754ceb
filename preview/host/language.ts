/** The browser's language decides what WeChat's own words are written in. */
export const isChinese = /^zh\b/i.test(navigator.language)
