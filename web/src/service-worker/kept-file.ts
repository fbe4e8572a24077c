/**
 * Returns what a cache has kept of an address, and otherwise what the server answers. A cache that cannot be read, for
 * example on a full or damaged disk, must not keep the app from starting.
 *
 * @param find looks into the cache
 */
export async function keptOrFetched(
  find: () => Promise<Response | undefined>,
  fetchAgain: () => Promise<Response>,
): Promise<Response> {
  const kept = await find().catch(() => undefined)
  return kept ?? fetchAgain()
}
