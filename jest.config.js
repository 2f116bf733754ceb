const { availableParallelism } = require('node:os')

/** @type {import('jest').Config} */
const common = {
  globalSetup: '<rootDir>/test/helpers/stacks/set-up.ts',
  globalTeardown: '<rootDir>/test/helpers/stacks/tear-down.ts',
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      },
    ],
  },
  // An ESM-only package that the code under test imports.
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
}

/** Pages and components are rendered in jsdom; everything else runs in node. */
module.exports = {
  testSequencer: '<rootDir>/test/helpers/sequencer.js',
  reporters: ['default', '<rootDir>/test/helpers/summary-reporter.js'],
  // Some tests wait for seconds: with more workers than cores, no core is left idle meanwhile.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Above the deadline of test/helpers/until.ts.
  testTimeout: 2 * Number(process.env.TEST_DEADLINE ?? 90_000),
  projects: [
    {
      ...common,
      displayName: 'node',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/(pages|components|demo|presign|setup)/'],
    },
    {
      ...common,
      displayName: 'pages',
      testEnvironment: 'jsdom',
      moduleNameMapper: { '^\\./wxss$': '<rootDir>/test/helpers/mount/no-styles.js' },
      testMatch: ['<rootDir>/test/{pages,components,demo,presign,setup}/**/*.test.ts'],
    },
  ],
}
