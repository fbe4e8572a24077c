import type { SerializedEntries, StorageAdapter } from '@urql/exchange-graphcache'

/** A storage of the cache that leaves out posts which have expired since they were kept. */
export function withoutExpiredPosts(storage: StorageAdapter, now: () => number = Date.now): StorageAdapter {
  return { ...storage, readData: async () => removeExpired(await storage.readData(), now()) }
}

/**
 * Removes expired posts from what the cache has kept, and the places in lists that lead to them. An entry is a field of
 * an object, `Post:1.text`; its value is JSON, after a colon if it is the key of another object or a list of keys.
 */
export function removeExpired(entries: SerializedEntries, now: number): SerializedEntries {
  const expired = new Set<string>()
  for (const [key, value] of Object.entries(entries)) {
    const { object, field } = split(key)
    if (!value || field !== 'expiresAt' || !object.startsWith('Post:')) continue
    const at: unknown = JSON.parse(value)
    if (typeof at === 'string' && Date.parse(at) <= now) expired.add(object)
  }
  if (expired.size === 0) return entries
  const gone = new Set(expired)
  for (const [key, value] of Object.entries(entries)) {
    const { object, field } = split(key)
    const link = linkOf(value)
    if (field === 'node' && typeof link === 'string' && expired.has(link)) gone.add(object)
  }
  const kept = Object.entries(entries).filter(([key]) => !gone.has(split(key).object))
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutLinks(value, gone)]))
}

function withoutLinks(value: string | undefined, gone: ReadonlySet<string>): string | undefined {
  const link = linkOf(value)
  if (typeof link === 'string') return gone.has(link) ? ':null' : value
  if (!Array.isArray(link)) return value
  return `:${JSON.stringify(link.filter((each) => !gone.has(each)))}`
}

function linkOf(value: string | undefined): unknown {
  return value?.startsWith(':') ? JSON.parse(value.slice(1)) : null
}

function split(key: string): { object: string; field: string } {
  const dot = key.indexOf('.')
  return { object: key.slice(0, dot).replaceAll('%2e', '.'), field: key.slice(dot + 1) }
}
