import type { Module } from '../../../platform/module.ts'
import { internalRateLimitResolvers, type ShareUse } from './internal-resolvers.ts'

/** The dependencies of this module. */
export type RateLimitsDeps = { shareUse: ShareUse }

/** What all gateway processes know about the use of their rate limits. */
export function rateLimitsModule({ shareUse }: RateLimitsDeps): Module {
  return { internalResolvers: internalRateLimitResolvers({ shareUse }) }
}
