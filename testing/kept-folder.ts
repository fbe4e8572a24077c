import os from 'node:os'

/** The folder for what later test runs use again. The other temporary files of a run are removed at its end. */
export const keptFolder = (): string => process.env.MOBLOG_TEST_KEPT ?? os.tmpdir()
