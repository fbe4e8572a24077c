import { LRUCache } from 'lru-cache'
import type { PageAccess } from '../../../generated/graphql/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Keyring } from '../../../platform/tokens/keyring.ts'
import type { VisibleUser } from '../people/visible-user.ts'
import type { IssuedMediaAccess } from './issued-access.ts'
import type { PlayableMedia } from './media.ts'
import { mediaLifetime, noLongerThan, type TokenWindow, tokenWindow } from './token-window.ts'

/** The `typ` values of media tokens and page tokens. */
const MEDIA_TYP = 'media+jwt'
const PAGE_TYP = 'page+jwt'

/** Configuration of the token issuer. */
export type TokenIssuerOptions = {
  keyring: Keyring
  clock: Clock
  /** Public base addresses of storage and blog. */
  storageUrl: string
  blogUrl: string
  pageSeconds: number
  mediaSeconds: number
  mediaSlackSeconds: number
}

/**
 * The viewer to whom a token is issued. `viewerId` is null when signed out; `sessionId` is null if the user signs in
 * with an identity provider.
 */
export type TokenSubject = { viewerId: string | null; sessionId: string | null }

/**
 * Issues the tokens that viewers present to storage and blog. Neither function checks permissions: the caller has
 * decided.
 */
export type TokenIssuer = {
  /**
   * Issues a token for each media file, in their order, and returns the addresses of the media's bytes for this viewer
   * (docs/method.md, C3).
   */
  media(subject: TokenSubject, media: readonly PlayableMedia[]): Promise<IssuedMediaAccess[]>
  /** Issues a page token and returns the address of the moblog's page for this viewer (docs/method.md, B4). */
  page(subject: TokenSubject, owner: VisibleUser): Promise<PageAccess>
}

// About 600 bytes per token. Signing takes 50 µs, so the cache saves a millisecond when a page of 20 media is read
// again.
const KEPT_TOKENS = 50_000

/** Creates the token issuer of the service. */
export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const { keyring, clock, storageUrl, blogUrl } = options
  const signed = new LRUCache<string, Promise<string>>({ max: KEPT_TOKENS })

  const token = (
    keyId: string,
    typ: string,
    claims: { aud: string } & Record<string, string>,
    { issuedAt, expiresAt }: TokenWindow,
  ) => {
    // The key id is part of the cache key: a replaced key may have been stolen, so tokens that it signed are not issued
    // again.
    const key = `${keyId} ${issuedAt} ${expiresAt} ${Object.values(claims).join()}`
    const known = signed.get(key)
    if (known) return known
    const made = keyring.sign({ ...claims, iat: issuedAt / 1000, exp: expiresAt / 1000 }, typ)
    made.catch(() => signed.delete(key))
    signed.set(key, made)
    return made
  }
  // Includes the session, because its page and media tokens end with it.
  const subjectOf = ({ viewerId, sessionId }: TokenSubject): Record<string, string> => ({
    ...(viewerId !== null && { sub: viewerId }),
    ...(viewerId !== null && sessionId !== null && { sid: sessionId }),
  })

  return {
    async media(to, media) {
      const keyId = await keyring.keyId()
      const now = clock().getTime()
      const subject = subjectOf(to)
      const issue = async (each: PlayableMedia): Promise<IssuedMediaAccess> => {
        const lifetime = mediaLifetime(each.durationSeconds, {
          minSeconds: options.mediaSeconds,
          slackSeconds: options.mediaSlackSeconds,
        })
        const window = noLongerThan(each.accessEndsAt, tokenWindow(now, lifetime, each.revokedAt))
        const claims = { aud: 'storage', ...subject, media: each.id, owner: each.ownerId }
        const text = await token(keyId, MEDIA_TYP, claims, window)
        const base = `${storageUrl}/v/${text}/${each.id}`
        return {
          token: text,
          expiresAt: new Date(window.expiresAt),
          url: `${base}/original`,
          progressiveUrl: each.hasProgressive ? `${base}/progressive` : null,
          streamUrl: each.hasStream ? `${base}/stream/index.m3u8` : null,
          posterUrl: each.hasPoster ? `${base}/poster` : null,
          imagesUrl: each.hasPoster ? `${base}/image` : null,
          captions: each.captions.map((captions) => ({
            ...captions,
            url: `${base}/captions/${captions.language}`,
          })),
        }
      }
      return Promise.all(media.map(issue))
    },
    async page(subject, owner) {
      const window = tokenWindow(clock().getTime(), options.pageSeconds, owner.revokedAt)
      const claims = { aud: 'blog', ...subjectOf(subject), moblog: owner.id }
      const text = await token(await keyring.keyId(), PAGE_TYP, claims, window)
      return { token: text, expiresAt: new Date(window.expiresAt), url: `${blogUrl}/m/${text}` }
    },
  }
}
