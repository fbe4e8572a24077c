import { LRUCache } from 'lru-cache'
import type { Clock } from '../../../platform/clock.ts'
import type { Verifier } from '../../../platform/tokens/verifier.ts'
import type { Bound } from './revocations.ts'

/** What a media token grants. */
export type Grant = Bound & { expiresAt: number }

/** Reads media tokens. */
export type Grants = {
  /** The grant of a token that is good for this medium now, revocations aside; null for every other. */
  read(token: string, mediaId: string): Promise<Grant | null>
}

const REMEMBERED = 20_000

/**
 * Reads media tokens (spec C3): signed by `communication`, for `storage`, of the media kind. Those that were found good
 * are remembered, since checking a signature at each Range request halves what can be sent.
 */
export function createGrants(verifier: Verifier, clock: Clock): Grants {
  const good = new LRUCache<string, Grant>({ max: REMEMBERED })

  const verify = async (token: string): Promise<Grant | null> => {
    try {
      const { sub, media, owner, iat, exp } = await verifier.verify(token, {
        ...{ issuer: 'communication', audience: 'storage', typ: 'media+jwt' },
        now: clock(),
      })
      if (typeof media !== 'string' || typeof iat !== 'number' || typeof exp !== 'number') return null
      return {
        mediaId: media,
        viewerId: sub ?? null,
        ownerId: typeof owner === 'string' ? owner : null,
        issuedAt: Math.round(iat * 1000),
        expiresAt: exp * 1000,
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) return null
      throw error
    }
  }

  return {
    async read(token, mediaId) {
      const grant = good.get(token) ?? (await verify(token))
      if (!grant || grant.expiresAt <= clock().getTime()) return null
      good.set(token, grant)
      return grant.mediaId === mediaId ? grant : null
    },
  }
}
