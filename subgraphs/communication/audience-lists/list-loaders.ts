import DataLoader from 'dataloader'
import { isId, normalId } from '../../../platform/ids.ts'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import type { AudienceList } from './audience-list.ts'
import { findOwnLists } from './list-store.ts'
import { countMembers, findMemberPages, type Member, type MemberPageKey } from './member-store.ts'

/** Batches reads of the viewer's lists within one request. */
export type ListLoaders = {
  /** The viewer's lists by id; null if the viewer has none with this id. */
  list: DataLoader<string, AudienceList | null>
  memberCount: DataLoader<string, number>
  members: DataLoader<MemberPageKey, Member[]>
}

/** Returns the loaders of a request. */
export type ListLoadersOf = (context: Context) => ListLoaders

/** Creates the loaders of each request. */
export function createListLoaders(pool: Pool): ListLoadersOf {
  return perRequest(({ viewerId }: Context) => {
    const owner = viewerId ?? ''
    // Not cached: this request may itself change the members.
    const options = { cache: false }
    return {
      list: new DataLoader(async (ids) => {
        const found =
          viewerId === null ? [] : await findOwnLists(pool, viewerId, ids.filter(isId).map(normalId))
        const byId = new Map(found.map((list) => [list.id, list]))
        return ids.map((id) => byId.get(normalId(id)) ?? null)
      }, options),
      memberCount: new DataLoader((ids) => countMembers(pool, owner, ids), options),
      members: new DataLoader((keys) => findMemberPages(pool, owner, keys), options),
    }
  })
}
