import { LRUCache } from 'lru-cache'
import type { MediaAccess, PageAccess } from '../../../generated/graphql/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Keyring } from '../../../platform/tokens/keyring.ts'
import type { Person } from '../accounts/people.ts'
import { type GrantWindow, grantWindow, mediaLifetime } from './grant-window.ts'
import type { PlayableMedia } from './media.ts'

/** The `typ` of a media token, and of a page token. */
const MEDIA_TYP = 'media+jwt'
const PAGE_TYP = 'page+jwt'

/** What grants are made with. */
export type GrantOptions = {
  keyring: Keyring
  clock: Clock
  /** Where clients reach storage and blog. */
  storageUrl: string
  blogUrl: string
  pageSeconds: number
  mediaSeconds: number
  mediaSlackSeconds: number
}

/** Who is given a grant: null when signed out; the session is null where the user signs in elsewhere. */
export type Grantee = { viewerId: string | null; sessionId: string | null }

/** Makes the grants that viewers take to storage and blog. Neither function decides: the caller has. */
export type Grants = {
  /** Where a medium's bytes are for this viewer (docs/method.md, C3). */
  media(grantee: Grantee, media: PlayableMedia): Promise<MediaAccess>
  /** Where a moblog's page is for this viewer (docs/method.md, B4). */
  page(grantee: Grantee, owner: Person): Promise<PageAccess>
}

// About 600 bytes each. Signing costs 50 µs, so that a page of 20 media which is looked at again saves a millisecond.
const KEPT_TOKENS = 50_000

/** Makes the grants of one service. */
export function createGrants(options: GrantOptions): Grants {
  const { keyring, clock, storageUrl, blogUrl } = options
  const signed = new LRUCache<string, Promise<string>>({ max: KEPT_TOKENS })

  const token = async (
    typ: string,
    aud: string,
    subject: Record<string, string>,
    { issuedAt, expiresAt }: GrantWindow,
  ) => {
    const claims = { aud, ...subject, iat: issuedAt / 1000, exp: expiresAt / 1000 }
    // A key that is replaced may be one that was stolen: what it signed is not given out any more.
    const key = `${await keyring.keyId()} ${JSON.stringify(claims)}`
    const known = signed.get(key)
    if (known) return known
    const made = keyring.sign(claims, typ)
    made.catch(() => signed.delete(key))
    signed.set(key, made)
    return made
  }
  // The session too: its tokens end with it.
  const subjectOf = ({ viewerId, sessionId }: Grantee): Record<string, string> => ({
    ...(viewerId !== null && { sub: viewerId }),
    ...(viewerId !== null && sessionId !== null && { sid: sessionId }),
  })

  return {
    async media(grantee, media) {
      const lifetime = mediaLifetime(media.durationSeconds, {
        minSeconds: options.mediaSeconds,
        slackSeconds: options.mediaSlackSeconds,
      })
      const window = grantWindow(clock().getTime(), lifetime, media.revokedAt)
      const subject = { ...subjectOf(grantee), media: media.id, owner: media.ownerId }
      const text = await token(MEDIA_TYP, 'storage', subject, window)
      const base = `${storageUrl}/v/${text}/${media.id}`
      return {
        token: text,
        expiresAt: new Date(window.expiresAt),
        url: `${base}/original`,
        progressiveUrl: media.hasProgressive ? `${base}/progressive` : null,
        streamUrl: media.hasStream ? `${base}/stream/index.m3u8` : null,
        posterUrl: media.hasPoster ? `${base}/poster` : null,
      }
    },
    async page(grantee, owner) {
      const window = grantWindow(clock().getTime(), options.pageSeconds, owner.revokedAt)
      const text = await token(PAGE_TYP, 'blog', { ...subjectOf(grantee), moblog: owner.id }, window)
      return { token: text, expiresAt: new Date(window.expiresAt), url: `${blogUrl}/m/${text}` }
    },
  }
}
