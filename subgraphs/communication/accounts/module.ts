import { readIdentityProvider } from '../../../platform/identity/identity-provider-settings.ts'
import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import type { SessionsModule } from '../sessions/module.ts'
import type { SignInLimitsModule } from '../sign-in-limits/module.ts'
import { internalAccountResolvers } from './internal-resolvers.ts'
import { preparePasswords } from './password.ts'
import { accountResolvers } from './resolvers.ts'

/** The dependencies of this module. */
export type AccountsDeps = Pick<Resources, 'config' | 'db' | 'clock'> &
  Pick<SignInLimitsModule, 'attempts' | 'networks'> & {
    sessions: Pick<SessionsModule, 'begin' | 'end'>
  }

/** Accounts, and the passwords with which their users sign in. */
export async function accountsModule(deps: AccountsDeps): Promise<Module> {
  const { config, db, clock, attempts, networks, sessions } = deps
  await preparePasswords()
  return {
    resolvers: accountResolvers({
      db,
      clock,
      attempts,
      networks,
      beginSession: sessions.begin,
      endSessions: sessions.end,
      signsInElsewhere: readIdentityProvider(config) !== null,
    }),
    internalResolvers: internalAccountResolvers({ db, clock }),
  }
}
