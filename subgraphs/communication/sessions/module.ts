import type { Module } from '../../../platform/module.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import { type Db, inTransaction } from '../database.ts'
import type { Resources } from '../resources.ts'
import type { KnownNetworks } from '../sign-in-limits/known-networks.ts'
import { internalSessionResolvers } from './internal-resolvers.ts'
import { sessionResolvers } from './resolvers.ts'
import {
  forgetExpiredSessions,
  forgetSessionRevocations,
  type SessionsToEnd,
} from './session-revocation-store.ts'
import { endSessions, endUser } from './session-revocations.ts'
import { beginSession, continueSession, type SessionMaker } from './sessions.ts'
import { type StartedSession, withUser } from './started-session.ts'

/** The dependencies of this module. */
export type SessionsDeps = Pick<Resources, 'config' | 'db' | 'pool' | 'keyring' | 'clock'> & {
  revocations: TokenRevocations
  networks: KnownNetworks
}

/** What other modules use of this one. */
export type SessionsModule = Module & {
  /** Starts a session of a user on a device. */
  begin(userId: string, deviceName: string | null): Promise<StartedSession | null>
  /** Revokes sessions of a user, last in a transaction. */
  end(tx: Db, which: SessionsToEnd): Promise<number>
  /** Revokes all sessions and tokens of a user whose account is deleted. */
  endUser(tx: Db, userId: string, now: Date): Promise<void>
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The sessions of users on their devices, and their revocation. */
export function sessionsModule(deps: SessionsDeps): SessionsModule {
  const { config, db, pool, keyring, clock, revocations, networks } = deps
  const accessSeconds = config.SESSION_TOKEN_SECONDS
  const maker: SessionMaker = {
    db,
    keyring,
    clock,
    revocations,
    accessSeconds,
    idleSeconds: config.SESSION_IDLE_SECONDS,
  }
  const end = (tx: Db, which: SessionsToEnd) =>
    endSessions(tx, which, { now: clock(), accessSeconds, revocations })
  return {
    begin: async (userId, deviceName) => {
      const tokens = await beginSession(maker, userId, deviceName)
      return tokens && withUser(pool, tokens)
    },
    end,
    endUser: (tx, userId, now) => endUser(tx, userId, { now, accessSeconds, revocations }),
    resolvers: sessionResolvers({
      pool,
      clock,
      networks,
      refresh: (refreshToken) => continueSession(maker, refreshToken),
      end: (which) => inTransaction(db, (tx) => end(tx, which)),
    }),
    internalResolvers: internalSessionResolvers({ pool, clock, accessSeconds }),
    jobs: [
      {
        name: 'forget expired sessions',
        everyMs: HOUR_MS,
        run: () => forgetExpiredSessions(pool, new Date(clock().getTime() - DAY_MS)),
      },
      {
        name: 'forget session revocations',
        everyMs: HOUR_MS,
        run: () => forgetSessionRevocations(pool, clock()),
      },
    ],
  }
}
