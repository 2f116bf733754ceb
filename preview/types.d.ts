/// <reference types="miniprogram-api-typings" />

/** The build hands CSS files to the host as text. */
declare module '*.css' {
  const text: string
  export default text
}
