const { default: Sequencer } = require('@jest/test-sequencer')

/** What waits for more than a minute. */
const SLOWEST = /[\\/]phone\.test\.ts$/

/** Starts the slowest files first: otherwise, one worker would be busy long after the others. */
module.exports = class SlowestFirst extends Sequencer {
  sort(tests) {
    // A stable sort: among the others, Jest's own order stays.
    const order = super.sort(tests) // oxlint-disable-line unicorn/no-array-sort
    return order.toSorted((a, b) => SLOWEST.test(b.path) - SLOWEST.test(a.path))
  }
}
