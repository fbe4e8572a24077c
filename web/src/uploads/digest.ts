/** Larger files take longer to read than a second sending of a duplicate would be worth. */
const MOST_BYTES = 64 * 1024 * 1024

/** Returns the SHA-256 of a file in hexadecimal digits, or null if it is large or the browser cannot compute it. */
export async function digestOf(file: Blob): Promise<string | null> {
  // Only pages with a secure address have it.
  if (file.size > MOST_BYTES || !globalThis.crypto?.subtle) return null
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
