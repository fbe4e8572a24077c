import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { hasCode } from '../../platform/system-error.ts'

const FILE = 'sample-accounts.json'

const sampleAccounts = z.array(
  z.object({ handle: z.string(), displayName: z.string(), password: z.string(), note: z.string() }),
)

/** An account that `npm run seed` has created, and with which anybody may sign in. */
export type SampleAccount = z.infer<typeof sampleAccounts>[number]

/** Reads the accounts that `npm run seed` has written; none if it has not run. */
export async function readSampleAccounts(folder: string): Promise<SampleAccount[]> {
  try {
    return sampleAccounts.parse(JSON.parse(await readFile(path.join(folder, FILE), 'utf8')))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/** The file in which the sample accounts are kept. */
export function sampleAccountsFile(folder: string): string {
  return path.join(folder, FILE)
}
