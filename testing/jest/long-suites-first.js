import TestSequencer from '@jest/test-sequencer'

// Suites that take more than half a minute, the longest first.
const longSuites = [
  'renditions/renditions',
  'sandbox/limits',
  'test/page-in-browser',
  'test/web-client',
  'test/workers',
  'database/embedded',
  'renditions/catalogue',
  'test/statements',
  'test/home-feed',
  'test/npm-start',
]

/**
 * Starts the longest suites first, so that all cores are busy until the end. Jest remembers how long suites take, but on
 * a new checkout it would start with the largest files.
 */
export default class LongSuitesFirst extends TestSequencer {
  /** @param {Parameters<TestSequencer['sort']>[0]} tests */
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rank(one.path) - rank(other.path))
  }
}

/** @param {string} path */
function rank(path) {
  const index = longSuites.findIndex((name) => path.endsWith(`${name}.test.ts`))
  return index === -1 ? longSuites.length : index
}
