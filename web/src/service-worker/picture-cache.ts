/** The name of the cache in which the service worker keeps pictures. */
export const PICTURES = 'moblog-pictures'

const KEPT_AT = 'x-moblog-kept-at'
const MOST_PICTURES = 400
const LONGEST_MS = 7 * 24 * 3_600_000

/** The part of a `Cache` that holds pictures. */
export type PictureCache = Pick<Cache, 'match' | 'put' | 'keys' | 'delete'>

/** Deletes the pictures that this device has kept of what the user has seen. */
export async function forgetPictures(): Promise<void> {
  // Pages without a secure address have no caches.
  if ('caches' in globalThis) await caches.delete(PICTURES)
}

/**
 * Deletes the pictures of some media.
 *
 * @param before only pictures that were kept before this time, in milliseconds
 */
export async function forgetPicturesOf(
  isLost: (mediaId: string) => boolean,
  before = Number.POSITIVE_INFINITY,
): Promise<void> {
  if (!('caches' in globalThis)) return
  const cache: PictureCache = await caches.open(PICTURES)
  for (const key of await cache.keys()) {
    const mediaId = mediaIdIn(key.url)
    if (mediaId === null || !isLost(mediaId)) continue
    const kept = before < Number.POSITIVE_INFINITY ? await cache.match(key) : undefined
    if (!kept || keptAt(kept) < before) await cache.delete(key)
  }
}

/** The media file whose picture is at an address: `…/v/<token>/<mediaId>/<variant>`. */
function mediaIdIn(url: string): string | null {
  return /\/v\/[^/]+\/([^/]+)\//.exec(url)?.[1] ?? null
}

/** Returns a picture that is kept; null if there is none, or if it is too old. */
export async function keptPicture(cache: PictureCache, url: string, now: number): Promise<Response | null> {
  const kept = await cache.match(url)
  return kept && !isOld(kept, now) ? kept : null
}

/**
 * Returns a picture that is kept with another token: without a connection, the app may know a newer address of a picture than
 * the one with which it was loaded.
 */
export async function sameKeptPicture(
  cache: PictureCache,
  url: string,
  now: number,
): Promise<Response | null> {
  const copy = (await copiesOf(cache, url)).at(-1)
  return copy ? keptPicture(cache, copy.url, now) : null
}

/** The requests of a picture that is kept, whatever their tokens, in the order in which they were kept. */
async function copiesOf(cache: PictureCache, url: string): Promise<Request[]> {
  const wanted = withoutToken(url)
  return (await cache.keys()).filter((key) => withoutToken(key.url) === wanted)
}

const withoutToken = (url: string) => url.replace(/\/v\/[^/]+\//, '/v/')

/**
 * Keeps a picture instead of its copies with other tokens, and removes those that are too old or too many. The answer to the page does not wait for this: it may
 * fail, because there may be no room.
 */
export async function keepPicture(
  cache: PictureCache,
  url: string,
  picture: Response,
  now: number,
): Promise<void> {
  for (const copy of await copiesOf(cache, url)) await cache.delete(copy)
  await removeOld(cache, now)
  const headers = new Headers(picture.headers)
  headers.set(KEPT_AT, String(now))
  await cache.put(url, new Response(picture.body, { status: picture.status, headers }))
}

/** Removes pictures that are too old or too many. They are in the order in which they were kept. */
export async function removeOld(cache: PictureCache, now: number): Promise<void> {
  const keys = await cache.keys()
  const surplus = keys.length - MOST_PICTURES + 1
  for (const [index, key] of keys.entries()) {
    if (index >= surplus) {
      const kept = await cache.match(key)
      if (kept && !isOld(kept, now)) return
    }
    await cache.delete(key)
  }
}

function isOld(kept: Response, now: number): boolean {
  return now - keptAt(kept) > LONGEST_MS
}

function keptAt({ headers }: Response): number {
  return Number(headers.get(KEPT_AT) ?? 0)
}
