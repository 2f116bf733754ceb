/** Details that are folded until their title is tapped. */
Component({
  properties: {
    title: String,
  },
  data: {
    open: false,
  },
  methods: {
    toggle() {
      this.setData({ open: !this.data.open })
    },
  },
})
