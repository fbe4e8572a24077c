import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { isFailure, noSuchUser, requestFailed, signInFirst } from '../failures.ts'
import { addressOf } from '../sign-in-limits/origin.ts'
import { type ChangingPassword, changePassword } from './change-password.ts'
import { signIn } from './sign-in.ts'
import { type SigningIn, signUp } from './sign-up.ts'

/** Dependencies of the account resolvers. */
export type AccountResolversDeps = SigningIn &
  ChangingPassword & {
    /** Whether accounts belong to an identity provider. */
    signsInElsewhere: boolean
  }

const signInElsewhere = () =>
  requestFailed('NOT_ALLOWED', 'Accounts belong to an identity provider. Sign in there, and send its token.')

/** Resolvers of accounts: signUp, signIn, changePassword. */
export function accountResolvers({ signsInElsewhere, ...deps }: AccountResolversDeps) {
  return {
    Mutation: {
      signUp: async (_root, { input }, { caller }) => {
        if (signsInElsewhere) return signInElsewhere()
        const session = await signUp(deps, input, addressOf(caller))
        return isFailure(session) ? session : { __typename: 'SignUpPayload', session }
      },
      signIn: async (_root, { input }, { caller }) => {
        if (signsInElsewhere) return signInElsewhere()
        const session = await signIn(deps, input, addressOf(caller))
        return isFailure(session) ? session : { __typename: 'SignInPayload', session }
      },
      changePassword: async (_root, { input }, { caller, viewerId, people }) => {
        if (viewerId === null) return signInFirst()
        const failure = await changePassword(deps, viewerId, caller, input)
        if (failure) return failure
        const user = await people.load(viewerId)
        return user ? { __typename: 'ChangePasswordPayload', user } : noSuchUser()
      },
    },
  } satisfies Resolvers
}
