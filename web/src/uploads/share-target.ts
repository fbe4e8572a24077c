import { browserDatabase } from '../browser-database.ts'
import { newId } from '../new-id.ts'

/** What another app has shared with this one. */
export type Shared = {
  id: string
  at: number
  /** The user who may see it; null until a signed-in user has opened the app. */
  ownerId: string | null
  title: string
  text: string
  files: File[]
  /** How many files were too many. */
  leftOut: number
}

/**
 * The address of the manifest's `share_target`. The service worker answers it, so nothing reaches the server. Without a
 * service worker, the server leads to `NOT_SHARED` (gateway/web-client/web-client-route.ts).
 */
export const SHARE_PATH = 'share'

/** Where the client says that it could not keep what was shared. */
export const NOT_SHARED = '#/write/not-shared'

const SHARED = 'shared'
const MOST_FILES = 10
const UNUSED_AFTER_MS = 24 * 3_600_000

const database = browserDatabase({ name: 'moblog-shared', version: 1, stores: { shared: 'id' } })

/**
 * Keeps what was shared for the client, and opens the client, which explains it if that was not possible. The service worker
 * calls this.
 *
 * @param client the address of the client
 */
export async function receiveShare(request: Request, client: string): Promise<Response> {
  const place = await keepShared(request).then(
    () => '#/write',
    // Storage is full or forbidden, or a file could not be read. Otherwise, the browser would show a page of its own.
    () => NOT_SHARED,
  )
  return Response.redirect(`${client}${place}`, 303)
}

async function keepShared(request: Request): Promise<void> {
  const form = await request.formData()
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value : ''
  }
  const files = form.getAll('media').filter((value) => value instanceof File)
  const shared: Shared = {
    id: newId(),
    at: Date.now(),
    ownerId: null,
    title: text('title'),
    text: [text('text'), text('url')].filter(Boolean).join('\n'),
    files: files.slice(0, MOST_FILES),
    leftOut: Math.max(0, files.length - MOST_FILES),
  }
  await database.put(SHARED, shared)
}

/**
 * Returns what was shared and not used yet, oldest first. What has no owner becomes the user's, so that it is not shown
 * to another one. Forgets what is older than a day.
 */
export async function sharedWith(userId: string, now = Date.now()): Promise<Shared[]> {
  const shared: Shared[] = []
  for (const each of await database.all<Shared>(SHARED)) {
    if (now - each.at > UNUSED_AFTER_MS) await forgetShared(each.id)
    else if (each.ownerId === userId) shared.push(each)
    else if (each.ownerId === null) {
      const claimed = { ...each, ownerId: userId }
      await database.put(SHARED, claimed)
      shared.push(claimed)
    }
  }
  return shared.sort((one, other) => one.at - other.at)
}

export async function forgetShared(id: string): Promise<void> {
  await database.remove(SHARED, id)
}

/** Forgets what was shared with a user, and what has no owner. */
export async function forgetSharedOf(userId: string): Promise<void> {
  for (const { id, ownerId } of await database.all<Partial<Shared> & { id: string }>(SHARED)) {
    if (ownerId === userId || !ownerId) await forgetShared(id)
  }
}

/** Forgets what has no owner, because it was shared while no user was signed in. */
export const forgetUnclaimed = (): Promise<void> => forgetSharedOf('')
