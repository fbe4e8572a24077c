import type { Resolvers } from '../../../generated/graphql/communication.ts'

/** The resolver of presence: `User.isOnline`. */
export const presenceResolvers = {
  User: {
    isOnline: ({ id, relationship }, _args, { presence }) =>
      relationship === 'SELF' || relationship === 'FRIEND' ? presence.load(id) : false,
  },
} satisfies Resolvers
