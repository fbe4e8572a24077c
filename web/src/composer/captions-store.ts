import { browserDatabase } from '../browser-database.ts'
import { pageUserId } from '../data/session-store.ts'
import { newId } from '../new-id.ts'

const TEXTS = 'texts'
const UNUSED_AFTER_MS = 30 * 24 * 3_600_000

type StoredText = { id: string; ownerId?: string; text: string; at: number }

const database = browserDatabase({ name: 'moblog-captions', version: 1, stores: { texts: 'id' } })

/** Keeps the text of captions until their post is published. Rejects if there is no room, or without a user. */
export async function keepCaptionsText(text: string): Promise<string> {
  const [id, ownerId] = [newId(), pageUserId()]
  if (ownerId === null) throw new Error('the user of this page is not signed in any more')
  await database.put(TEXTS, {
    id,
    ownerId,
    text,
    at: Date.now(),
  } satisfies StoredText)
  return id
}

/** The text of captions; null if it is gone. */
export async function captionsText(id: string): Promise<string | null> {
  return (await database.get<StoredText>(TEXTS, id))?.text ?? null
}

export async function forgetCaptionsText(id: string): Promise<void> {
  await database.remove(TEXTS, id)
}

/** Forgets the texts of a user, and those of earlier versions of the client, which had no owner. */
export async function forgetCaptionsOf(userId: string): Promise<void> {
  for (const { id, ownerId } of await database.all<StoredText>(TEXTS)) {
    if (ownerId === undefined || ownerId === userId) await forgetCaptionsText(id)
  }
}

/** Forgets the texts of drafts that were lost, for example because the storage for drafts was full. */
export async function forgetOldCaptions(now: number): Promise<void> {
  for (const { id, at } of await database.all<StoredText>(TEXTS)) {
    if (now - at > UNUSED_AFTER_MS) await forgetCaptionsText(id)
  }
}
