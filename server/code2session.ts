import { ApiError } from './errors'

/**
 * From the code of `wx.login` to the user's openid.
 *
 * @throws ApiError: 401 `UNAUTHENTICATED` (code not valid, used, or older than five minutes), 403
 * `LOGIN_BLOCKED`, 503 `WECHAT_BUSY`, 502 `WECHAT_FAILED`; `detail` is WeChat's errcode
 */
export type Code2Session = (code: string) => Promise<{ openid: string }>

const TIMEOUT_MS = 5000

/**
 * WeChat's code2Session,
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
 * The session_key of the answer is left where it is: nothing here needs it.
 *
 * @param origin WeChat, or a stand-in for it in tests
 */
export function createCode2Session(
  { appId, secret }: { appId: string; secret: string },
  origin = 'https://api.weixin.qq.com',
): Code2Session {
  return async (code) => {
    const query = new URLSearchParams({
      appid: appId,
      secret,
      js_code: code,
      grant_type: 'authorization_code',
    })
    const answer = await fetchJson(`${origin}/sns/jscode2session?${query}`)
    if (typeof answer.openid === 'string' && answer.openid !== '') return { openid: answer.openid }
    throw loginFailed(answer.errcode)
  }
}

async function fetchJson(url: string): Promise<{ openid?: unknown; errcode?: unknown }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    const body: unknown = await response.json()
    return typeof body === 'object' && body !== null ? body : {}
  } catch (cause) {
    throw new ApiError(502, 'WECHAT_FAILED', 'WeChat gave no answer', { cause })
  }
}

function loginFailed(errcode: unknown): ApiError {
  const detail = typeof errcode === 'number' ? String(errcode) : undefined
  switch (errcode) {
    case 40029: // code not valid
    case 40163: // code used before
      return new ApiError(
        401,
        'UNAUTHENTICATED',
        'The code is not valid any more: call wx.login again',
        {
          detail,
        },
      )
    case 40226:
      return new ApiError(403, 'LOGIN_BLOCKED', 'WeChat blocks this user as a high risk', {
        detail,
      })
    case -1:
    case 45011:
      return new ApiError(503, 'WECHAT_BUSY', 'WeChat is busy: try again in a minute', { detail })
    default:
      return new ApiError(502, 'WECHAT_FAILED', 'WeChat refused the login', { detail })
  }
}
