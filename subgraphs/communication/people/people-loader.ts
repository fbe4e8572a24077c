import DataLoader from 'dataloader'
import { isId } from '../../../platform/ids.ts'
import type { Pool } from '../database.ts'
import { findPeople } from './people-store.ts'
import type { VisibleUser } from './visible-user.ts'

/** Loads users by id, with one statement for all users of a request. */
export type PeopleLoader = DataLoader<string, VisibleUser | null>

/** Creates the user loader of one request. Ids that are not UUIDs resolve to null. */
export function peopleLoader(pool: Pool, viewerId: string | null): PeopleLoader {
  return new DataLoader(async (keys) => {
    const asked = keys.filter(isId)
    const people = asked.length > 0 ? await findPeople(pool, viewerId, asked) : []
    const byId = new Map(people.map((user) => [user.id, user]))
    return keys.map((key) => byId.get(key) ?? null)
  })
}
