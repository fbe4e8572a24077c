import type { StorageAdapter } from '@urql/exchange-graphcache'
import { rewriteRows } from '../browser-database.ts'

/** The store of the cache's database that holds what was read. It has one row for each day. */
export const ENTRIES = 'entries'

const MEDIA = 'Media:'

// Only the one who asks about a media file needs the answer: it would keep the file of a post that is gone.
const ABOUT_MEDIA = 'Query.media('

/**
 * What the cache has written on one day. An entry is a field of an object, `Post:1.text`; its value is JSON, after a colon
 * if it is the key of another object or a list of keys. A field that was removed is undefined.
 */
export type KeptEntries = Record<string, string | undefined>

/**
 * A storage of the cache that deletes posts which have expired since they were kept, and what the cache has forgotten since,
 * before it reads them: what the cache removes stays in the rows of earlier days.
 *
 * @param databaseName the database of the storage
 */
export function withoutExpiredPosts(
  storage: StorageAdapter,
  databaseName: string,
  now: () => number = Date.now,
): StorageAdapter {
  const deleteExpired = () =>
    rewriteRows<KeptEntries>(databaseName, ENTRIES, (days) => removeExpired(days, now()))
  return {
    ...storage,
    // If it fails, `hideExpired` still keeps them from being shown.
    readData: () => deleteExpired().then(storage.readData, storage.readData),
  }
}

/**
 * Removes expired posts, and everything to which no query leads any more: what only they led to, such as comments, media
 * and places in lists, and posts that the lists do not have any more.
 *
 * @param days the rows of the store, oldest first; newer entries replace older ones
 */
export function removeExpired(days: readonly KeptEntries[], now: number): readonly KeptEntries[] {
  const entries: KeptEntries = Object.assign({}, ...days)
  const expired = expiredPosts(entries, now)
  const gone = new Set([...expired, ...(expired.size > 0 ? placesOf(entries, expired) : [])])
  const reached = reachable(entries, gone)
  const isKept = (key: string) =>
    entries[key] !== undefined && !key.startsWith(ABOUT_MEDIA) && reached.has(split(key).object)
  return days.map((day) => {
    const before = Object.entries(day)
    const kept = before.filter(([key]) => isKept(key))
    if (expired.size === 0 && kept.length === before.length) return day
    return Object.fromEntries(kept.map(([key, value]) => [key, withoutLinks(value, gone)]))
  })
}

/** The ids of the media to which something leads that is kept. */
export function keptMedia(days: readonly KeptEntries[]): Set<string> {
  const reached = reachable(Object.assign({}, ...days), new Set())
  const media = [...reached].filter((object) => object.startsWith(MEDIA))
  return new Set(media.map((object) => object.slice(MEDIA.length)))
}

function expiredPosts(entries: KeptEntries, now: number): Set<string> {
  const expired = new Set<string>()
  for (const [key, value] of Object.entries(entries)) {
    const { object, field } = split(key)
    if (!value || field !== 'expiresAt' || !object.startsWith('Post:')) continue
    const at: unknown = JSON.parse(value)
    if (typeof at === 'string' && Date.parse(at) <= now) expired.add(object)
  }
  return expired
}

/** The places in lists that lead to posts. */
function placesOf(entries: KeptEntries, posts: ReadonlySet<string>): string[] {
  return Object.entries(entries).flatMap(([key, value]) => {
    const { object, field } = split(key)
    return field === 'node' && linksOf(value).some((link) => posts.has(link)) ? [object] : []
  })
}

/** The objects that queries can reach without those that are gone. */
function reachable(entries: KeptEntries, gone: ReadonlySet<string>): Set<string> {
  const links = new Map<string, string[]>()
  for (const [key, value] of Object.entries(entries)) {
    const { object } = split(key)
    const found = key.startsWith(ABOUT_MEDIA) ? [] : linksOf(value)
    if (found.length > 0) links.set(object, [...(links.get(object) ?? []), ...found])
  }
  const reached = new Set(['Query'])
  // A set also visits what is added meanwhile.
  for (const object of reached)
    for (const link of links.get(object) ?? []) if (!gone.has(link)) reached.add(link)
  return reached
}

function withoutLinks(value: string | undefined, gone: ReadonlySet<string>): string | undefined {
  if (!linksOf(value).some((link) => gone.has(link))) return value
  const link = linkOf(value)
  return Array.isArray(link) ? `:${JSON.stringify(link.filter((each) => !gone.has(each)))}` : ':null'
}

function linksOf(value: string | undefined): string[] {
  return [linkOf(value)].flat().filter((link) => typeof link === 'string')
}

function linkOf(value: string | undefined): unknown {
  return value?.startsWith(':') ? JSON.parse(value.slice(1)) : null
}

function split(key: string): { object: string; field: string } {
  const dot = key.indexOf('.')
  return { object: key.slice(0, dot).replaceAll('%2e', '.'), field: key.slice(dot + 1) }
}
