import { messages } from '../../i18n/index'

const t = messages()

/** Every field of the manual page, each step of the signature; and the inspector of a 403. */
Page({
  data: { t: t.presign },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.presign.title })
  },
})
