import type { Viewer } from '../../platform/identity/caller.ts'
import type { ViewerContext } from '../../platform/subgraph/guard.ts'
import { type FindPlayable, type MediaLoader, mediaLoader } from './access/media.ts'
import type { Pool } from './database.ts'
import { type PeopleLoader, peopleLoader } from './people/people-loader.ts'
import { type PresenceLoader, presenceLoader } from './presence/presence-loader.ts'

/** Data that the resolvers share. */
export type Context = ViewerContext & {
  /** The viewer's user id; null when signed out. */
  viewerId: string | null
  people: PeopleLoader
  media: MediaLoader
  presence: PresenceLoader
}

/** Creates the context of a viewer's requests. */
export function createContext(
  { pool, findPlayable }: { pool: Pool; findPlayable: FindPlayable },
  caller: Viewer,
): Context {
  const viewerId = caller.userId
  return {
    caller,
    viewerId,
    people: peopleLoader(pool, viewerId),
    media: mediaLoader(findPlayable, viewerId),
    presence: presenceLoader(pool),
  }
}
