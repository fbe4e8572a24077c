/** The beginning of the names of the caches with the client's files: one for each version. */
export const CLIENT_CACHE = 'moblog-client-'

/**
 * The caches that are of no use any more. That of the version before stays, because pages that were opened before the
 * update load their files from it.
 *
 * @param names all caches in the order in which they were made
 * @param current the cache of this version
 */
export function oldCaches(names: readonly string[], current: string): string[] {
  return names.filter((name) => name.startsWith(CLIENT_CACHE) && name !== current).slice(0, -1)
}
