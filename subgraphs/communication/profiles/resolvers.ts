import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import type { RootDb } from '../database.ts'
import { invalidInput, isFailure, noSuchUser, signInFirst } from '../failures.ts'
import { changeProfile } from './change-profile.ts'
import { readProfileChange } from './profile-input.ts'

/** Dependencies of the profile resolvers. */
export type ProfileResolversDeps = { db: RootDb; clock: Clock; revocations: TokenRevocations }

/** Resolvers of profiles: updateProfile, `User.avatar`. */
export function profileResolvers({ db, clock, revocations }: ProfileResolversDeps) {
  return {
    User: {
      avatar: ({ avatarId }, _args, { media }) => (avatarId === null ? null : media.load(avatarId)),
    },
    Mutation: {
      updateProfile: async (_root, { input }, { viewerId, people }) => {
        if (viewerId === null) return signInFirst()
        const change = readProfileChange(input)
        if (isFailure(change)) return change
        const outcome = await changeProfile(db, viewerId, change, clock(), revocations.ofMedia)
        if (outcome === 'no such image') {
          return invalidInput(
            'input.avatarMediaId',
            'You have no finished image with this id. Wait until it is READY, or choose another one.',
          )
        }
        const user = outcome === 'changed' ? await people.clear(viewerId).load(viewerId) : null
        return user ? { __typename: 'UpdateProfilePayload', user } : noSuchUser()
      },
    },
  } satisfies Resolvers
}
