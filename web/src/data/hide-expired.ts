import type { Exchange, OperationResult } from '@urql/core'
import { makeSubject, map, merge, pipe, tap } from 'wonka'
import { watchClock } from './watch-clock.ts'

/**
 * Leaves expired posts out of the results of all queries, whether they come from the server, from memory or from what this
 * device has kept. When a post of a result expires, the query has a new result without it. It belongs before the cache.
 *
 * @param page says when it is shown again
 */
export function hideExpired(now: () => number = Date.now, page?: EventTarget): Exchange {
  return ({ forward }) =>
    (operations) => {
      const expiring = new Map<number, { at: number; result: OperationResult }>()
      const again = makeSubject<OperationResult>()
      const plan = watchClock(
        () => Math.min(...Array.from(expiring.values(), ({ at }) => at)),
        () => {
          for (const { at, result } of expiring.values()) if (at <= now()) again.next(current(result))
        },
        now,
        page,
      )
      const current = (result: OperationResult): OperationResult => {
        const { key, kind } = result.operation
        if (kind !== 'query') return result
        const { value, nextExpiry } = withoutExpired(result.data, now())
        if (nextExpiry === null) expiring.delete(key)
        else expiring.set(key, { at: nextExpiry, result })
        return value === result.data ? result : { ...result, data: value }
      }
      const followed = pipe(
        operations,
        tap(({ kind, key }) => {
          if (kind === 'teardown' && expiring.delete(key)) plan()
        }),
      )
      return merge([pipe(forward(followed), map(current), tap(plan)), again.source])
    }
}

/** A value without posts that have expired, and when the first of the others expires; null if none does. */
type Current = { value: unknown; nextExpiry: number | null }

/**
 * Removes expired posts from data. Where one was, there is null; in a list, its place is removed. Everything else stays
 * the same object.
 */
export function withoutExpired(data: unknown, now: number): Current {
  let nextExpiry: number | null = null
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      const items = value.map(visit)
      const kept = items.filter((item, index) => item !== null || value[index] === null)
      return kept.every((item, index) => item === value[index]) && kept.length === value.length ? value : kept
    }
    if (!isObject(value)) return value
    const expiry = expiryOf(value)
    if (expiry !== null && expiry <= now) return null
    if (expiry !== null) nextExpiry = Math.min(nextExpiry ?? expiry, expiry)
    let copy: Record<string, unknown> | null = null
    for (const [field, before] of Object.entries(value)) {
      const after = visit(before)
      if (after === before) continue
      // A place in a list without what it holds.
      if (field === 'node' && after === null) return null
      copy ??= { ...value }
      copy[field] = after
    }
    return copy ?? value
  }
  return { value: visit(data), nextExpiry }
}

function expiryOf({ __typename, expiresAt }: Record<string, unknown>): number | null {
  return __typename === 'Post' && typeof expiresAt === 'string' ? Date.parse(expiresAt) : null
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
