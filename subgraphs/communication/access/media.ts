import DataLoader from 'dataloader'
import { createAttachment } from '../../../platform/attachment.ts'
import type { Clock } from '../../../platform/clock.ts'
import { isId } from '../../../platform/ids.ts'
import { currentScope, type RequestFacts } from '../../../platform/observability/request-scope.ts'
import type { Pool } from '../database.ts'
import { relationshipOf } from '../people/relationship.ts'
import { findMediaFacts, type StoredMediaFacts } from './media-facts-store.ts'
import { playableUntil } from './policy.ts'
import { latestOf } from './token-window.ts'

/** A media file that a viewer may play. */
export type PlayableMedia = Pick<
  StoredMediaFacts,
  'id' | 'ownerId' | 'durationSeconds' | 'hasProgressive' | 'hasStream' | 'hasPoster' | 'captions'
> & {
  /**
   * The viewer's tokens for this media that were issued at or before this instant do not work; null if none were
   * revoked.
   */
  revokedAt: Date | null
  /** When the last post that shows the media to the viewer expires; null if access does not end by itself. */
  accessEndsAt: Date | null
}

/** Returns the media that a viewer may play, in no particular order (docs/method.md, C2). */
export type FindPlayable = (viewerId: string | null, ids: readonly string[]) => Promise<PlayableMedia[]>

/**
 * Creates a function that finds playable media. A page of posts asks for the same media twice at a time: for their tokens
 * here, and in `storage` for what else it shows of them. While the first question of a request is being answered, the
 * second one waits for its answer. Questions of other requests do not, so a request sees what was decided before it. What
 * one scope runs side by side has begun together, and the events of a subscription are resolved one after the other.
 */
export function createPlayableFinder(pool: Pool, clock: Clock): FindPlayable {
  const questions = createAttachment<RequestFacts, Map<string, Promise<PlayableMedia[]>>>('playable media')
  return (viewerId, ids) => {
    const find = () => findPlayable(pool, viewerId, ids, clock())
    const scope = currentScope()
    if (!scope) return find()
    const open = questions.get(scope.facts) ?? new Map<string, Promise<PlayableMedia[]>>()
    questions.set(scope.facts, open)
    const question = [scope.requestId, viewerId, ...ids].join()
    const asked = open.get(question)
    if (asked) return asked
    const answer = find().finally(() => open.delete(question))
    open.set(question, answer)
    return answer
  }
}

async function findPlayable(
  pool: Pool,
  viewerId: string | null,
  ids: readonly string[],
  now: Date,
): Promise<PlayableMedia[]> {
  const asked = ids.filter(isId)
  if (asked.length === 0) return []
  const found = await findMediaFacts(pool, viewerId, asked)
  return found.flatMap((facts) => {
    const { showings, isGone, kind, mediaRevokedAt, pairRevokedAt, viewerRevokedAt } = facts
    const until = playableUntil({
      relationship: relationshipOf(viewerId, facts.ownerId, kind),
      showings,
      isGone,
    })
    if (until <= now.getTime()) return []
    const accessEndsAt = Number.isFinite(until) ? new Date(until) : null
    return [{ ...facts, revokedAt: latestOf(mediaRevokedAt, pairRevokedAt, viewerRevokedAt), accessEndsAt }]
  })
}

/**
 * Loads media by id, with one statement for all media of a request. The result is null if the viewer may not play the
 * media.
 */
export type MediaLoader = DataLoader<string, PlayableMedia | null>

/** Creates the media loader of one request. */
export function mediaLoader(find: FindPlayable, viewerId: string | null): MediaLoader {
  return new DataLoader(async (keys) => {
    const found = await find(viewerId, keys)
    const byId = new Map(found.map((media) => [media.id, media]))
    return keys.map((key) => byId.get(key) ?? null)
  })
}
