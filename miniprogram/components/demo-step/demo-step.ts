/** One numbered step of a demo page, so that the page reads like its code. */
Component({
  properties: {
    number: Number,
    title: String,
  },
})
