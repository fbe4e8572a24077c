import { browserDatabase } from '../browser-database.ts'

/** What another app has shared with this one. */
export type Shared = { id: string; at: number; title: string; text: string; files: File[] }

/** The address of the manifest's `share_target`. The service worker answers it, so nothing reaches the server. */
export const SHARE_PATH = 'share'

const SHARED = 'shared'
const MOST_FILES = 10

const database = browserDatabase({ name: 'moblog-shared', version: 1, stores: { shared: 'id' } })

/** Keeps what was shared for the page, and opens the page. The service worker calls this. */
export async function receiveShare(request: Request, page: string): Promise<Response> {
  const form = await request.formData()
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value : ''
  }
  const files = form.getAll('media').filter((value) => value instanceof File)
  const shared: Shared = {
    id: crypto.randomUUID(),
    at: Date.now(),
    title: text('title'),
    text: [text('text'), text('url')].filter(Boolean).join('\n'),
    files: files.slice(0, MOST_FILES),
  }
  await database.put(SHARED, shared)
  return Response.redirect(page, 303)
}

/** Returns what was shared since the last call, oldest first, and forgets it. */
export async function takeShared(): Promise<Shared[]> {
  const all = await database.all<Shared>(SHARED)
  for (const { id } of all) await database.remove(SHARED, id)
  return all.sort((one, other) => one.at - other.at)
}
