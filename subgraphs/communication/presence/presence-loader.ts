import DataLoader from 'dataloader'
import type { Pool } from '../database.ts'
import { findPresent } from './presence-store.ts'

/** Loads who is online, with one statement for all users of a request. */
export type PresenceLoader = DataLoader<string, boolean>

/** Creates the presence loader of one request. */
export function presenceLoader(pool: Pool): PresenceLoader {
  return new DataLoader(async (ids) => {
    const present = await findPresent(pool, ids)
    return ids.map((id) => present.has(id))
  })
}
