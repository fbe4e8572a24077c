import type { Log } from '../../../platform/log.ts'
import type { Db } from '../database.ts'
import { searchEntry } from './fold.ts'
import { findUnfolded, writeSearchEntries } from './search-store.ts'

const BATCH = 500

/** Writes the search entries for a user's handle and display name. */
export function enterName(
  tx: Pick<Db, '$executeRaw'>,
  user: { id: string; handle: string; displayName: string },
): Promise<void> {
  return writeSearchEntries(tx, [{ userId: user.id, ...searchEntry(user.handle, user.displayName) }])
}

/**
 * Backfills the search entries of users who were created before the search existed, or whose process was interrupted.
 *
 * @returns how many users there were
 */
export async function foldUnfolded(db: Db, log: Log): Promise<number> {
  for (let folded = 0; ; ) {
    const users = await findUnfolded(db, BATCH)
    await writeSearchEntries(
      db,
      users.map(({ id, handle, displayName }) => ({ userId: id, ...searchEntry(handle, displayName) })),
    )
    folded += users.length
    if (users.length < BATCH) {
      if (folded > 0) log.info({ folded }, 'search entries backfilled')
      return folded
    }
  }
}
