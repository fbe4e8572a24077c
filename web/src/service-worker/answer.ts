import { SHARE_PATH } from '../uploads/share-target.ts'

/** How the service worker answers a request; null leaves it to the browser. */
export type Answer = 'page' | 'file' | 'old file' | 'picture' | 'share' | null

/**
 * Chooses how to answer a request.
 *
 * @param scope the address of the client, which ends in `/`
 * @param files the names of the files of this version that are kept
 */
export function chooseAnswer(
  { method, url, mode, destination }: Pick<Request, 'method' | 'url' | 'mode' | 'destination'>,
  scope: string,
  files: ReadonlySet<string>,
): Answer {
  const address = url.replace(/[?#].*$/, '')
  // What another app shares comes as a form to this address (manifest.webmanifest).
  if (method === 'POST' && mode === 'navigate' && address === `${scope}${SHARE_PATH}`) return 'share'
  if (method !== 'GET') return null
  // Other pages of the product, such as those of moblogs, are not part of the client.
  if (mode === 'navigate') return address === scope || address === `${scope}index.html` ? 'page' : null
  if (address.startsWith(scope) && files.has(address.slice(scope.length))) return 'file'
  // A page that was opened before an update asks for the files of its own version, which the server has no more.
  if (address.startsWith(`${scope}files/`)) return 'old file'
  return destination === 'image' ? 'picture' : null
}
