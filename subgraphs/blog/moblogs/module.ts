import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { Resources } from '../resources.ts'
import { createMoblogLoaders, type MoblogLoadersOf } from './moblog-loaders.ts'
import { friendMoblogsResolvers } from './resolvers/friend-moblogs.ts'
import { moblogResolvers } from './resolvers/moblog.ts'
import { updateMoblogResolvers } from './resolvers/update-moblog.ts'

/** The dependencies of this module. */
export type MoblogsDeps = Pick<Resources, 'db' | 'pool' | 'clock'> & {
  access: Pick<AccessModule, 'communication' | 'relationships' | 'mutedUserIds'>
}

/** What other modules use of this one. */
export type MoblogsModule = Module & { loaders: MoblogLoadersOf }

/** Moblogs: their texts, and the moblogs of friends. */
export function moblogsModule({ db, pool, clock, access }: MoblogsDeps): MoblogsModule {
  const { relationships } = access
  const moblogs = createMoblogLoaders(pool, clock)
  return {
    loaders: moblogs,
    resolvers: mergeResolvers([
      moblogResolvers({ relationships, moblogs }),
      friendMoblogsResolvers({ pool, clock, access }),
      updateMoblogResolvers({ db, moblogs }),
    ]),
  }
}
