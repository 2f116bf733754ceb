/** Ends a run with one plain line that any CI can read: `N passed, N failed`. */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    // A test file that does not even load has no failed test, but the run has failed.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    // Jest's own summary comes after all reporters, so this waits for the end of the process.
    process.once('exit', () => {
      process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed\n`)
    })
  }
}
