import type { MediaAddresses, PlayerMedia } from './player-media.ts'
import { isUsedUp } from './renewal-time.ts'
import { noteFresh, serverTime } from './server-clock.ts'

// In milliseconds. Each wait is twice as long as the one before, so all together take a minute.
const FIRST_WAIT_MS = 1_000
const LAST_WAIT_MS = 32_000
const LIST_MS = 500

/**
 * Shows a photo as soon as there is a version of it that every phone can show. Until a new photo has one, and when its
 * addresses have expired, it asks for new addresses; meanwhile the placeholder below the picture is seen.
 */
export async function showPicture(
  image: HTMLImageElement,
  { access }: Pick<PlayerMedia, 'access'>,
  renew: () => Promise<MediaAddresses | null>,
): Promise<void> {
  let addresses = access
  for (let waitMs = FIRST_WAIT_MS; addresses !== null; waitMs *= 2) {
    // Later addresses are tried in any case: where nobody renews them, the clock of the device may be wrong.
    const mayAsk = waitMs === FIRST_WAIT_MS && navigator.onLine
    const isExpired = mayAsk && isUsedUp(addresses.expiresAt, serverTime())
    const url = isExpired ? null : (stillOf(addresses) ?? (waitMs > LAST_WAIT_MS ? addresses.url : null))
    if (url !== null && (await loads(image, url))) return
    if (waitMs > LAST_WAIT_MS) return
    // A list that is shown again brings new addresses by itself within a moment.
    const pauseMs = isExpired ? LIST_MS : waitMs
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    if (!image.isConnected) return
    addresses = await renew().then(noteFresh, () => addresses)
  }
}

/** Resolves to whether a picture could be loaded. One that could not is hidden. */
function loads(image: HTMLImageElement, url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isLoaded: boolean) => {
      image.hidden = !isLoaded
      resolve(isLoaded)
    }
    image.addEventListener('load', () => end(true), { once: true })
    image.addEventListener('error', () => end(false), { once: true })
    // A hidden picture that loads lazily would never be asked for.
    if (image.hidden) image.loading = 'eager'
    image.src = url
  })
}

/** A version that every phone can show, without motion for those who want none; null if it is not made yet. */
export function stillOf({ posterUrl, progressiveUrl, url }: MediaAddresses): string | null {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const made = (calm ? posterUrl : null) || progressiveUrl || posterUrl
  // The API says null for what is not made yet. Addresses without these fields have only one version.
  return made || (progressiveUrl === undefined ? url : null)
}
