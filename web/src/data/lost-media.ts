import type { Exchange, OperationResult } from '@urql/core'
import { pipe, tap } from 'wonka'
import { watchClock } from './watch-clock.ts'

// A result is compared with the one before, also if its screen was left meanwhile.
const MOST_RESULTS = 200
const MOST_EXPIRING = 1_000

/** Forgets what this device has kept of the media that are lost. */
export type Forget = (isLost: (mediaId: string) => boolean) => void

/**
 * Learns from all results which media the viewer can no longer see, for whatever reason: their post has
 * expired or was deleted, its audience has changed, or a friendship has ended. It belongs before all other exchanges, so
 * that it also sees what those leave out.
 *
 * @param page says when it is shown again
 */
export function forgetLostMedia(forget: Forget, now: () => number = Date.now, page?: EventTarget): Exchange {
  return ({ forward }) => {
    const results = new Map<number, Found>()
    const active = new Set<number>()
    const expiring = new Map<string, number>()
    const friends = new Set<string>()

    const isShown = (mediaId: string) => [...active].some((key) => results.get(key)?.media.has(mediaId))
    const forgetSome = (mediaIds: readonly string[]) => {
      const lost = new Set(mediaIds.filter((id) => !isShown(id)))
      if (lost.size > 0) forget((id) => lost.has(id))
    }
    const remember = (key: number, found: Found) => {
      results.delete(key)
      results.set(key, found)
      for (const old of results.keys()) {
        if (results.size <= MOST_RESULTS) break
        if (!active.has(old)) results.delete(old)
      }
    }
    const plan = watchClock(
      () => Math.min(...expiring.values()),
      () => {
        const expired = [...expiring].filter(([, at]) => at <= now()).map(([id]) => id)
        for (const id of expired) expiring.delete(id)
        forgetSome(expired)
      },
      now,
      page,
    )
    const watch = (found: Found) => {
      for (const [id, at] of found.expiring) if (expiring.size < MOST_EXPIRING) expiring.set(id, at)
      if (found.expiring.size > 0) plan()
    }
    const learn = ({ operation: { key, kind }, data }: OperationResult) => {
      if (data === undefined || data === null || kind === 'subscription') return
      const found = find(data)
      const before = results.get(key)?.media ?? []
      if (kind === 'query') remember(key, found)
      forgetSome([...before, ...found.refused].filter((id) => !found.media.has(id)))
      watch(found)
      // Other results may still have posts of a former friend, so only what is on the screen now is certain.
      if ([...found.others].some((id) => friends.delete(id))) forget((id) => !isShown(id))
      for (const id of found.friends) friends.add(id)
    }
    return (operations) =>
      pipe(
        operations,
        tap(({ kind, key }) => {
          if (kind === 'query') active.add(key)
          else if (kind === 'teardown') active.delete(key)
        }),
        forward,
        tap(learn),
      )
  }
}

/** What a result says about media, and about who is a friend. */
type Found = {
  media: Set<string>
  /** Media that the viewer may not play. */
  refused: Set<string>
  /** When the posts of media expire. */
  expiring: Map<string, number>
  friends: Set<string>
  others: Set<string>
}

function find(data: unknown): Found {
  const found: Found = {
    media: new Set(),
    refused: new Set(),
    expiring: new Map(),
    friends: new Set(),
    others: new Set(),
  }
  const visit = (value: unknown, expiresAt: number | null): void => {
    if (typeof value !== 'object' || value === null) return
    const { __typename, id, access, relationship, expiresAt: expiry } = value as Record<string, unknown>
    let until = expiresAt
    if (__typename === 'Post') until = typeof expiry === 'string' ? Date.parse(expiry) : null
    if (typeof id === 'string' && __typename === 'Media' && access !== undefined) {
      found[access === null ? 'refused' : 'media'].add(id)
      if (until !== null) found.expiring.set(id, until)
    }
    if (typeof id === 'string' && typeof relationship === 'string')
      found[relationship === 'FRIEND' ? 'friends' : 'others'].add(id)
    for (const each of Object.values(value)) visit(each, until)
  }
  visit(data, null)
  return found
}
