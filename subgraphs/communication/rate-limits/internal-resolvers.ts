import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import { badInput } from '../../../platform/errors.ts'

/** Adds uses to rate limits, and returns the sums of all gateway processes. */
export type ShareUse = (
  uses: readonly { key: string; share: number }[],
) => Promise<{ key: string; share: number }[]>

const MAX_USES = 500
const MAX_KEY = 200

/** Internal resolver of the gateway's reports of how much of its rate limits is used. */
export function internalRateLimitResolvers({ shareUse }: { shareUse: ShareUse }) {
  return {
    Mutation: {
      shareRateLimits: async (_root, { uses }) => {
        if (uses.length > MAX_USES) throw badInput(`Report at most ${MAX_USES} rate limits at a time.`)
        for (const { key, share } of uses) {
          if (key === '' || key.length > MAX_KEY)
            throw badInput(`A key must have 1 to ${MAX_KEY} characters.`)
          if (share < 0) throw badInput('A share must not be negative.')
        }
        return shareUse(uses)
      },
    },
  } satisfies Resolvers
}
