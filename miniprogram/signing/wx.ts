/**
 * The part of `wx` that signatures need. It is declared here so that this folder compiles in any
 * project: with any version of miniprogram-api-typings, or without, as in uni-app and Taro.
 */
export interface Wx {
  getAccountInfoSync(): { miniProgram: { envVersion: string } }
  getStorageSync(key: string): unknown
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
  login(option: Callbacks<{ code: string }>): unknown
  request(
    option: {
      url: string
      method: 'GET' | 'POST'
      header: Record<string, string>
      data?: object
      timeout: number
    } & Callbacks<{ statusCode: number; data: unknown }>,
  ): unknown
}

interface Callbacks<Result> {
  success(result: Result): void
  fail(error: { errMsg: string }): void
}
