import { describe, expect, jest, test } from '@jest/globals'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { until } from '../helpers/until'
import { wx } from '../helpers/page-environment'
import { METHODS, urlOf, playground, copied, refused, SIGNED } from './steps'

const KEY = 'users/u/a.txt'

describe('inspector', () => {
  const inspector = (query: Record<string, string> = {}) =>
    mount('presign/presign', { query: { tab: 'inspector', ...query } })
  const paste = (page: Mounted, text: string) => page.input('.request textarea', text)
  const answerWith = (page: Mounted, text: string) => page.input('.answer textarea', text)

  test('takes a URL apart', async () => {
    const page = inspector()
    await paste(page, SIGNED)
    await page.tap('.methods .chip', 2)
    expect(page.text('.facts')).toContain('examplebucket-1250000000.cos.ap-beijing.myqcloud.com')
    expect(page.text('.facts')).toContain('/a.txt')
    expect(page.text('.parts')).toContain('content-type值未知')
    expect(page.texts('.free')).toEqual(['x'])
    expect(page.text('.secret')).toBe('AKID00••••••0000显示')
    expect(page.text('.http-string')).toContain('put /a.txt')
    await page.input('.signedHeaders textarea', 'Content-Type: image/png')
    expect(page.text('.http-string')).toContain('content-type=image%2Fpng&host=')
    expect(page.text('.remaining')).toMatch(/^已过期 \d+ 天/)
  })

  test('counts down by the second, to the earlier end, and not when nobody looks', async () => {
    jest.useFakeTimers({
      now: 1_700_000_590_000,
      doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'],
    })
    const page = inspector()
    await paste(page, SIGNED)
    expect(page.text('.remaining')).toBe('还剩 10 秒')
    jest.advanceTimersByTime(3_000)
    expect(page.text('.remaining')).toBe('还剩 7 秒')
    page.hide()
    jest.advanceTimersByTime(2_000)
    expect([page.text('.remaining'), jest.getTimerCount()]).toEqual(['还剩 7 秒', 0])
    page.show()
    expect(page.text('.remaining')).toBe('还剩 5 秒')
    jest.advanceTimersByTime(6_000)
    expect(page.text('.remaining')).toBe('已过期 1 秒')
    expect(page.text('.suspicion')).toContain('已过期')
    page.unmount()
    expect(jest.getTimerCount()).toBe(0)
  })

  test('a URL that begins later', async () => {
    jest.useFakeTimers({
      now: 1_699_999_940_000,
      doNotFake: ['setTimeout', 'setImmediate', 'nextTick'],
    })
    const page = inspector()
    await paste(page, SIGNED)
    expect(page.text('.remaining')).toBe('1 分 0 秒后生效')
    expect(page.text('.suspicion')).toContain('尚未生效')
  })

  test('says what is suspicious, and what to do', async () => {
    const page = inspector()
    await paste(
      page,
      SIGNED.replace('https', 'http')
        .replace('content-type%3Bhost', '')
        .replace('param-list=', 'param-list=a/b')
        .replace(/%3B/g, ';'),
    )
    await page.tap('.methods .chip', 2)
    const classes = [
      'LIST_ENCODED_ONCE',
      'HOST_NOT_SIGNED',
      'TYPE_NOT_SIGNED',
      'PLAIN_HTTP',
      'RAW_SEMICOLON',
    ]
    expect(classes.filter((name) => !page.has(`.${name}`))).toEqual([])
    expect(page.text('.LIST_ENCODED_ONCE')).toContain('错误')
    expect(page.text('.PLAIN_HTTP')).toContain('风险')
    expect(page.text('.RAW_SEMICOLON')).toContain('提示')
  })

  test.each([
    ['https://a.b/c', '未识别到签名'],
    ['hello', '未识别到签名'],
    ['https://a.b/c?q-sign-algorithm=sha1&q-ak=x', '缺少 q-sign-time'],
    [SIGNED.replace('a.txt', '%E4%B8'), '百分号编码'],
    [SIGNED.replace('?q-', '?sign=q-'), '参数 sign 没有编码'],
  ])('%s is answered with a sentence, and stays', async (text, sentence) => {
    const page = inspector()
    await paste(page, text)
    expect(page.text('.problem')).toContain(sentence)
    expect(page.data).toBeDefined()
    await paste(page, SIGNED)
    expect(page.has('.problem')).toBe(false)
    await page.tap('.clear')
    expect([page.has('.problem'), page.has('.remaining'), page.has('.clear')]).toEqual([
      false,
      false,
      false,
    ])
  })

  test('an Authorization asks for the URL of its request', async () => {
    const page = inspector()
    await paste(page, SIGNED.replace(/^.*\?/, '').replace(/%3B/g, ';'))
    expect(page.text('.facts')).not.toContain('地址')
    await page.input('.requestUrl textarea', SIGNED.replace(/\?.*/, '?x=1'))
    expect(page.text('.facts')).toContain('examplebucket-1250000000.cos')
    expect(page.text('.http-string')).toContain('/a.txt')
    expect(page.texts('.free')).toEqual(['x'])
  })

  test('without that URL there is nothing to compare, so no cause is named', async () => {
    const page = inspector()
    const signed = SIGNED.replace('content-type%3B', '')
    await paste(page, signed.replace(/^.*\?/, '').replace(/%3B/g, ';'))
    await answerWith(page, refused('get\n/a.txt\n\nhost=x\n'))
    expect(page.has('.cause')).toBe(false)
    expect(page.text('.answer-note')).toContain('填写请求的 URL')
    expect(page.text()).toContain('get /a.txt host=x')
    await page.input(
      '.requestUrl textarea',
      'examplebucket-1250000000.cos.ap-beijing.myqcloud.com/a.txt',
    )
    expect(page.has('.cause')).toBe(false)
    await page.input('.requestUrl textarea', SIGNED.replace(/\?.*/, ''))
    expect(page.text('.cause')).toContain('host 不同')
  })

  test.each(['URL', 'Authorization', 'curl', 'wx.request'])(
    'takes what was copied as %s, with the signature in a header',
    async (label) => {
      const page = await playground()
      const url = urlOf(page).replace(/\?.*/, '')
      if (label !== 'URL') await page.tap('.carriers .chip', 2)
      const copy = copied(page, label)
      await page.tap('.tab', 1)
      await page.input('inspector .request textarea', copy)
      expect(page.has('inspector .requestUrl')).toBe(label !== 'URL')
      if (label === 'Authorization') await page.input('inspector .requestUrl textarea', url)
      await until(() => page.text('inspector').includes('已验算：用 GET 发送'), 'the check')
      expect(page.text('inspector .findings')).toContain('未发现可疑之处')
    },
  )

  test('an Authorization that lacks its token is suspicious', async () => {
    const page = await playground()
    const url = urlOf(page).replace(/\?.*/, '')
    const [authorization = ''] = copied(page, 'Authorization').split('\n')
    await page.tap('.tab', 1)
    await page.input('inspector .request textarea', authorization)
    await page.input('inspector .requestUrl textarea', url)
    await until(() => page.has('.TOKEN_MISSING'), 'the missing token')
    expect(page.has('.OTHER_SIGNATURE')).toBe(false)
  })

  test('an Authorization in another order asks for the URL of its request', async () => {
    const page = inspector()
    const query = SIGNED.replace(/^.*\?/, '').replace(/%3B/g, ';')
    await paste(page, query.split('&').toReversed().join('&'))
    await page.input('.requestUrl textarea', SIGNED.replace(/\?.*/, ''))
    expect(page.text('.facts')).toContain('examplebucket-1250000000.cos')
  })

  test('a heading has something below it', async () => {
    const page = inspector()
    await paste(page, SIGNED.replace('content-type%3Bhost', '').replace('&x=1', ''))
    expect(page.text()).not.toMatch(/已签名（|未签名（/)
    await paste(page, SIGNED)
    expect(page.text()).toMatch(/已签名（.*未签名（/)
  })

  test('where the comparison stands nothing is left to compare by hand', async () => {
    const page = inspector()
    await answerWith(page, refused('get\n/a.txt\n\nhost=other\n'))
    expect(page.text('failure-panel')).toContain('找出第一个不同的字符')
    await paste(page, SIGNED)
    expect(page.has('diff-lines')).toBe(true)
    expect(page.text('failure-panel')).not.toContain('找出第一个不同的字符')
    expect(page.text('failure-panel')).toContain('SignatureDoesNotMatch')
  })

  test('a method that nobody has chosen is not blamed', async () => {
    const page = inspector()
    await paste(page, SIGNED.replace('content-type%3B', ''))
    await answerWith(page, refused('put\n/a.txt\n\nhost=other\n'))
    expect(page.text('.cause')).toContain('host 不同')
    const host = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'
    await answerWith(page, refused(`put\n/a.txt\n\nhost=${host}\n`))
    expect(page.text('.cause')).toContain('未发现差异')
    expect(page.text('.candidate')).toContain('签名用的是另一个方法')
    await page.tap('.methods .chip', METHODS.indexOf('PUT'))
    expect(page.has('.METHOD_UNKNOWN')).toBe(false)
    expect(page.text('.cause')).not.toContain('SecretKey')
    await page.tap('.methods .chip', METHODS.indexOf('GET'))
    expect(page.text('.cause')).toContain('签名用的方法是 get，实际发送的是 put')
    expect(page.text('.cause')).not.toContain('SecretKey')
  })

  test('what was shown of one signature is masked in the next', async () => {
    const page = inspector()
    await paste(page, `${SIGNED}&x-cos-security-token=FIRSTTOKEN`)
    await page.tap('.secret', 1)
    expect(page.text()).toContain('FIRSTTOKEN')
    await paste(page, `${SIGNED}&x-cos-security-token=OTHERTOKEN`)
    expect(page.text()).not.toContain('OTHERTOKEN')
  })

  test('a signed token is masked in what COS received, and in the comparison', async () => {
    const page = inspector()
    const answer = refused('get\n/a.txt\nx-cos-security-token=SECRETTOKEN\nhost=a\n')
    await answerWith(page, answer)
    expect(page.text()).toContain('x-cos-security-token=••••••')
    expect(page.text()).not.toContain('SECRETTOKEN')
    const signed = SIGNED.replace('param-list=', 'param-list=x-cos-security-token')
    await paste(page, `${signed}&x-cos-security-token=SECRETTOKEN`)
    expect(page.has('diff-lines')).toBe(true)
    expect(page.text()).not.toContain('SECRETTOKEN')
    await paste(page, `${signed}&x-cos-security-token=SECRETOTHER`)
    expect(page.text('.cause')).toContain('x-cos-security-token 签的是')
    expect(page.text()).not.toMatch(/SECRET(TOKEN|OTHER)/)
  })

  test('knows a token that was spoilt on its way, as COS does', async () => {
    const page = await playground()
    const url = urlOf(page).replace(/(x-cos-security-token=.{5})./, '$1+')
    const { statusCode } = await new Promise<{ statusCode: number }>((success, fail) =>
      wx.request({ url, success, fail }),
    )
    expect(statusCode).toBe(403)
    await page.tap('.tab', 1)
    await page.input('inspector .request textarea', url)
    await until(() => page.text('inspector').includes('当前使用的密钥'), 'the key')
    expect(page.text('.TOKEN_CHANGED')).toContain('%2B')
    expect(page.text('.findings')).not.toContain('未发现可疑之处')
  })

  test('knows its own key: its end, and whether the signature is right', async () => {
    const page = await playground()
    await page.tap('.tab', 1)
    await page.input('inspector .request textarea', urlOf(page))
    await until(() => page.text('inspector').includes('当前使用的密钥'), 'the key')
    expect(page.text('inspector')).toContain('已验算：用 GET 发送')
    await page.tap('inspector .methods .chip', 2)
    await page.input('inspector .request textarea', urlOf(page).replace('hello', 'other'))
    await page.tap('inspector .methods .chip', 0)
    await until(() => page.has('.OTHER_SIGNATURE'), 'the suspicion')
    await page.input(
      'inspector .request textarea',
      urlOf(page).replace(/&x-cos-security-token=[^&]*/, ''),
    )
    await until(() => page.has('.TOKEN_MISSING'), 'the missing token')
  })

  test('another temporary key may end earlier', async () => {
    const page = inspector()
    await paste(page, `${SIGNED}&x-cos-security-token=abc`)
    expect(page.text('.note')).toContain('密钥到期后 URL 同时失效')
    expect(page.text()).not.toContain('abc显')
  })

  test('needs no server', async () => {
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    const page = inspector()
    await paste(page, SIGNED)
    expect(page.text('.facts')).toContain('/a.txt')
  })

  test('opens with what another page hands over, masked; then takes another', async () => {
    const answer =
      '<Error><Code>SignatureDoesNotMatch</Code><FormatString>put\n/a.txt\n\ncontent-type=a%2Fb&amp;host=x\n</FormatString></Error>'
    const page = mount('presign/presign', {
      query: {
        url: encodeURIComponent(SIGNED),
        method: 'PUT',
        headers: encodeURIComponent('Content-Type: a/b'),
        answer: encodeURIComponent(answer),
      },
    })
    expect(page.text('.tab.chosen')).toBe('诊断 403')
    expect(page.text('.methods .chosen')).toBe('PUT')
    expect(page.text()).not.toContain('0123456789abcdef0123')
    expect(page.text('.cause')).toContain('host 不同')
    expect(page.has('text-field.request')).toBe(false)
    await page.tap('.clear')
    expect(page.attr('text-field.request', 'value')).toBe('')
    expect(page.has('.cause')).toBe(false)
  })

  test('an answer alone shows what COS received, and asks for the URL', async () => {
    const page = inspector()
    await answerWith(
      page,
      '<Error><Code>SignatureDoesNotMatch</Code><FormatString>get\\n/a\\n\\n\\n</FormatString></Error>',
    )
    expect(page.text('.answer-note')).toContain('粘贴签名 URL')
    expect(page.text()).toContain('get /a')
    await paste(page, SIGNED)
    expect(page.text('.cause')).toContain('不是同一个对象键')
  })

  test.each([
    ['AccessDenied', 'Access Denied.', '没有权限'],
    ['AccessDenied', 'Request has expired', '签名已过期'],
    ['InvalidAccessKeyId', '', 'COS 不认识这个 SecretId'],
    ['RequestTimeTooSkewed', '', '时钟不准'],
    ['ExpiredToken', '', '临时密钥已过期'],
  ])('%s %s has words of its own', async (code, message, words) => {
    const page = inspector()
    await answerWith(page, `<Error><Code>${code}</Code><Message>${message}</Message></Error>`)
    expect(page.text('failure-panel')).toContain(words)
    expect(page.text('failure-panel')).not.toContain('HTTP 状态')
    expect(page.has('.cause')).toBe(false)
  })

  test('what is no answer is said to be none, and stays', async () => {
    const page = inspector()
    await answerWith(page, 'Forbidden')
    expect(page.text('.problem')).toContain('未识别到 COS 的错误')
  })
})

describe('handing over', () => {
  test('a signed URL goes to the inspector, a form does not', async () => {
    const panel = async (signed: object) => {
      const mounted = mount('components/signed-panel/signed-panel', { properties: { signed } })
      await mounted.tap('fold-out button')
      return mounted
    }
    const expiresAt = 1_700_000_000
    const headers = { 'Content-Type': 'a/b' }
    const request = await panel({ url: SIGNED, method: 'PUT', headers, expiresAt })
    const url = String(request.attr('.inspect', 'url'))
    const query = Object.fromEntries(new URLSearchParams(url.split('?')[1]))
    expect(query).toEqual({ url: SIGNED, method: 'PUT', headers: 'Content-Type: a/b' })
    const form = await panel({ url: SIGNED, fields: { key: KEY }, expiresAt })
    expect(form.has('.inspect')).toBe(false)
  })

  test('a signature that does not match goes there with its answer, other failures do not', () => {
    const panel = (more: object) =>
      mount('components/failure-panel/failure-panel', {
        properties: { failure: { title: 't', why: '', fix: '', facts: [], ...more } },
      })
    const url = String(panel({ answer: '<Error>&\n' }).attr('.inspect', 'url'))
    expect(url).toBe('/presign/presign?answer=%3CError%3E%26%0A')
    expect(panel({}).has('.inspect')).toBe(false)
  })
})
