// Campaigns: many kills, full and frozen disks, large files, slow readers, wrong clocks. They take longer than all other
// tests together, and what they are about is also tested on a smaller scale.
const campaigns = [
  'access-matrix',
  'clock-skew',
  'costly-attack',
  'cut-short',
  'document-memory',
  'fairness',
  'key-rotation',
  'kill-many',
  'memory',
  'multipart-streaming',
  'revocation',
  'slow-readers',
  'storage-trouble',
]
const campaignFiles = campaigns.map((name) => `/test/${name}\\.test\\.ts$`)

/**
 * Tests run as native ES modules; SWC only strips the types, as Node itself does when the product runs. Each suite has
 * its own modules of the product, but all suites of a worker share the packages from npm.
 */
const suites = {
  testEnvironment: './testing/jest/environment.js',
  runtime: '<rootDir>/testing/jest/runtime.ts',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['**/*.test.ts'],
  globalSetup: './testing/jest/global-setup.ts',
  globalTeardown: './testing/jest/global-teardown.ts',
  testPathIgnorePatterns: [
    '/node_modules/',
    '/bench/',
    ...(process.env.MOBLOG_TEST_BIG ? [] : campaignFiles),
  ],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      },
    ],
  },
}

const mediaSuites = ['probing/*', 'renditions/{renditions,catalogue,images}']

/** The suites that read media once more, with the media tools that npm brings. */
const withNpmTools = {
  ...suites,
  displayName: 'npm tools',
  testMatch: mediaSuites.map((name) => `**/subgraphs/storage/${name}.test.ts`),
  setupFiles: ['./testing/jest/use-npm-tools.ts'],
}

const run = {
  testSequencer: './testing/jest/long-suites-first.js',
  // One of jest's workers waits most of the time for the processes that it has started.
  maxWorkers: '100%',
  testTimeout: 120_000,
}

// Both in one run, so that no core is idle at the end of the first.
export default process.env.MOBLOG_TEST_TOOLS === 'both'
  ? { ...run, projects: [{ ...suites, displayName: 'all' }, withNpmTools] }
  : { ...run, ...suites }
