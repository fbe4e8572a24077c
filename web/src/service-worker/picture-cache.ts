/** The name of the cache in which the service worker keeps pictures. */
export const PICTURES = 'moblog-pictures'

/** Deletes the pictures that this device has kept of what the user has seen. */
export async function forgetPictures(): Promise<void> {
  // Pages without a secure address have no caches.
  if ('caches' in globalThis) await caches.delete(PICTURES)
}
