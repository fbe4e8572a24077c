const IS_BIG = Boolean(process.env.MOBLOG_TEST_BIG)
const MINUTE_MS = 60_000

/** How long a test may take that uses `modelRuns`. */
export const MODEL_TEST_MS = IS_BIG ? 120 * MINUTE_MS : MINUTE_MS

/**
 * How many sequences of user actions a model test tries: a few, as far as there is time, or with MOBLOG_TEST_BIG=1 all of
 * `campaign`. All model tests together then take about 100,000 steps.
 */
export function modelRuns(campaign: number) {
  return IS_BIG
    ? { numRuns: campaign, interruptAfterTimeLimit: MODEL_TEST_MS - MINUTE_MS, markInterruptAsFailure: true }
    : { numRuns: 12, interruptAfterTimeLimit: 40_000 }
}
