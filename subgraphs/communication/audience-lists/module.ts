import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import type { Resources } from '../resources.ts'
import { createListLoaders } from './list-loaders.ts'
import { audienceListResolvers } from './resolvers/audience-list.ts'
import { changeListsResolvers } from './resolvers/change-lists.ts'
import { changeMembersResolvers } from './resolvers/change-members.ts'

/** The dependencies of this module. */
export type AudienceListsDeps = Pick<Resources, 'db' | 'pool' | 'clock'> & { revocations: TokenRevocations }

/** Lists of users that their owner uses as the audience of posts. Nobody else learns of them. */
export function audienceListsModule({ db, pool, clock, revocations }: AudienceListsDeps): Module {
  const changing = { db, clock, revocations }
  return {
    resolvers: mergeResolvers([
      audienceListResolvers({ pool, lists: createListLoaders(pool) }),
      changeListsResolvers(changing),
      changeMembersResolvers(changing),
    ]),
  }
}
