/** In place of the simulator's own module: jsdom draws nothing, and the styles are tested in Chromium. */
module.exports = { getContent: () => '', compile: () => '', insert() {} }
