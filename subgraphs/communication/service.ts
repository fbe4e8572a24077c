import { shareAllowances } from '../../platform/allowances/allowance.ts'
import { createWriteLimit } from '../../platform/allowances/write-limits.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { statementsOn } from '../../platform/database/pool.ts'
import type { Host, Service } from '../../platform/service.ts'
import { startService } from '../../platform/start-service.ts'
import { internalSdl, subgraphSdl } from '../../schema/subgraph-sdl.ts'
import { accessModule } from './access/module.ts'
import { accountsModule } from './accounts/module.ts'
import { audienceListsModule } from './audience-lists/module.ts'
import type { CommunicationConfig } from './config.ts'
import { connectionsModule } from './connections/module.ts'
import { createContext } from './context.ts'
import { OUTBOX_SCHEMA } from './database.ts'
import { erasureModule } from './erasure/module.ts'
import { friendsModule } from './friends/module.ts'
import { housekeepingModule } from './housekeeping/module.ts'
import { mediaRegisterModule } from './media-register/module.ts'
import { mutesModule } from './mutes/module.ts'
import { notificationsModule } from './notifications/module.ts'
import { peopleModule } from './people/module.ts'
import { presenceModule } from './presence/module.ts'
import { profilesModule } from './profiles/module.ts'
import { rateLimitsModule } from './rate-limits/module.ts'
import { openResources } from './resources.ts'
import { searchModule } from './search/module.ts'
import { sessionsModule } from './sessions/module.ts'
import { sharedTypes } from './shared-types.ts'
import { signInLimitsModule } from './sign-in-limits/module.ts'
import { uploadsModule } from './uploads/module.ts'
import { WRITES_PER_MINUTE } from './write-limits.ts'

/**
 * Starts the communication service. It knows the users and their relationships, decides who may do what, and signs
 * every key and token.
 *
 * @param clock the time source for all decisions, stored times and signatures
 * @param closeEveryMs how often expiring posts are looked for, in milliseconds
 */
export async function startCommunication(
  host: Host,
  config: CommunicationConfig,
  clock: Clock = systemClock,
  closeEveryMs?: number,
): Promise<Service> {
  const resources = await openResources(host, config, clock)
  const { pool, log } = resources
  const access = accessModule(resources)
  const { revocations, findPlayable } = access
  const signInLimits = signInLimitsModule(resources)
  const { attempts, networks } = signInLimits
  const sessions = sessionsModule({ ...resources, revocations, networks })
  const { endUser } = sessions

  return startService({
    name: 'communication',
    typeDefs: subgraphSdl('communication'),
    internalTypeDefs: internalSdl('communication'),
    modules: [
      sharedTypes,
      peopleModule(access.relationships),
      presenceModule(resources),
      rateLimitsModule({ shareUse: (uses) => shareAllowances(statementsOn(pool), uses) }),
      connectionsModule(resources),
      searchModule(resources),
      access,
      await notificationsModule(resources),
      mediaRegisterModule({ ...resources, revocations, closeEveryMs }),
      friendsModule({ ...resources, revocations }),
      audienceListsModule({ ...resources, revocations }),
      mutesModule(resources),
      signInLimits,
      sessions,
      await accountsModule({ ...resources, attempts, networks, sessions }),
      profilesModule({ ...resources, revocations }),
      erasureModule({ ...resources, attempts, endUser }),
      uploadsModule(resources),
      housekeepingModule(resources),
    ],
    context: (caller) => createContext({ pool, findPlayable }, caller),
    limitWrite: createWriteLimit({
      run: statementsOn(pool),
      clock,
      perMinute: WRITES_PER_MINUTE,
      scale: config.WRITE_LIMIT_SCALE,
    }),
    outbox: { url: resources.databaseUrl, schema: OUTBOX_SCHEMA },
    share: host.share,
    log,
    resources,
  })
}
