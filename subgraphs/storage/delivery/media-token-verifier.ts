import { LRUCache } from 'lru-cache'
import type { Clock } from '../../../platform/clock.ts'
import { REMEMBER_CHECKED_MS, type Verifier } from '../../../platform/tokens/verifier.ts'
import type { Bound } from '../revocations/revoked-tokens.ts'

/** The content of a verified media token. */
export type MediaToken = Bound & { expiresAt: number }

/** Verifies media tokens. */
export type MediaTokenVerifier = {
  /**
   * Returns the grant of a token that is valid for this media file now; null for every other token. It does not check
   * revocations.
   */
  read(token: string, mediaId: string): Promise<MediaToken | null>
}

const MAX_REMEMBERED = 20_000

/**
 * Creates a verifier of media tokens (docs/method.md, C3): signed by `communication`, for `storage`, of the media type.
 * Valid tokens are cached for half a minute, because checking a signature on every Range request halves the throughput.
 */
export function createMediaTokenVerifier(verifier: Verifier, clock: Clock): MediaTokenVerifier {
  const good = new LRUCache<string, MediaToken & { checkAgainAt: number }>({ max: MAX_REMEMBERED })

  const verify = async (token: string): Promise<MediaToken | null> => {
    try {
      const { sub, sid, media, owner, iat, exp } = await verifier.verify(token, {
        issuer: 'communication',
        audience: 'storage',
        typ: 'media+jwt',
        now: clock(),
      })
      if (typeof media !== 'string' || typeof iat !== 'number' || typeof exp !== 'number') return null
      return {
        mediaId: media,
        viewerId: sub ?? null,
        sessionId: typeof sid === 'string' ? sid : null,
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
      const now = clock().getTime()
      const known = good.get(token)
      const grant = known && now < known.checkAgainAt ? known : await verify(token)
      if (!grant || grant.expiresAt <= now) return null
      if (grant !== known) good.set(token, { ...grant, checkAgainAt: now + REMEMBER_CHECKED_MS })
      return grant.mediaId === mediaId ? grant : null
    },
  }
}
