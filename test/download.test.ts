import { readFileSync } from 'node:fs'
import { beforeEach, expect, test } from '@jest/globals'
import type { Dialog } from 'playwright-core'
import { ONE_GREEN_PIXEL, type Phone } from './helpers/phone'
import { usePhones } from './helpers/use-phones'

/** What becomes of a file after its upload: found again, downloaded, shown, saved to the album. */

const phones = usePhones()
let phone: Phone

beforeEach(async () => {
  phone = await phones.open('index')
})

const demo = (title: string) => phone.page.locator('wx-navigator:visible', { hasText: title })

async function upload(name: string, content: Buffer) {
  await demo('上传：PUT').tap()
  await phone.chooseOne(name, content)
  await phone.page.locator('input:visible').fill(name)
  await phone.button('上传').tap()
  await phone.seen('上传完成')
  await phone.button('返回').tap()
}

async function downloadRecent(name: string) {
  await demo('下载').tap()
  await phone.page.locator('wx-button:visible', { hasText: name }).tap()
  await phone.button('下载').tap()
  await phone.seen('下载完成')
}

/** Answers the question that comes of a tap. */
async function answer(tap: () => Promise<void>, reply: (dialog: Dialog) => Promise<void>) {
  await Promise.all([phone.page.waitForEvent('dialog').then(reply), tap()])
}

test('a photo is found among the recent uploads, shown, and saved to the album', async () => {
  await upload('头像.png', ONE_GREEN_PIXEL)
  await downloadRecent('头像.png')
  const image = phone.page.locator('wx-image:visible img')
  await expect(image.evaluate((img: HTMLImageElement) => img.decode())).resolves.toBeUndefined()

  await phone.seen('微信会询问是否允许')
  const download = phone.page.waitForEvent('download')
  await answer(
    () => phone.button('保存到相册').tap(),
    (dialog) => dialog.accept(),
  )
  expect(readFileSync(await (await download).path())).toEqual(ONE_GREEN_PIXEL)
  await phone.seen('已保存到相册')
})

test('who denied the album is led to the settings, and can save after that', async () => {
  await upload('b.png', ONE_GREEN_PIXEL)
  await downloadRecent('b.png')
  await answer(
    () => phone.button('保存到相册').tap(),
    (dialog) => dialog.dismiss(),
  )
  await phone.seen('没有相册写入权限')
  await answer(
    () => phone.button(/^去设置/).tap(),
    (dialog) => dialog.dismiss(),
  )
  await phone.seen('没有相册写入权限')
  await answer(
    () => phone.button(/^去设置/).tap(),
    (dialog) => dialog.accept(),
  )
  await phone.seen('已允许')
  const download = phone.page.waitForEvent('download')
  await phone.button('保存到相册').tap()
  expect((await download).suggestedFilename()).toMatch(/\.png$/)
  await phone.seen('已保存到相册')
})

test('the page opens with a URL, downloads just that, and goes on to a key', async () => {
  await upload('c.txt', Buffer.from('来自别处'))
  await downloadRecent('c.txt')
  await phone.page.locator('signed-panel wx-button').tap()
  const url = await phone.page.locator('signed-panel wx-scroll-view wx-text').first().innerText()
  await phone.page.evaluate((given) => {
    const path = '/pages/download-object/download-object'
    void wx.navigateTo({ url: `${path}?url=${encodeURIComponent(given)}` })
  }, url)
  await phone.seen('不重新签名')
  expect(await phone.page.locator('.given:visible').innerText()).toBe(url)
  await phone.button('下载').tap()
  await phone.page.locator('wx-text:visible', { hasText: '来自别处' }).waitFor()

  await phone.page.getByText('改用对象键下载').tap()
  await phone.page.locator('wx-button:visible', { hasText: 'c.txt' }).waitFor()
})
