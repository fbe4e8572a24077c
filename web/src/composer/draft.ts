/** Who may see a post. */
export const AUDIENCES = ['FRIENDS', 'PUBLIC', 'ONLY_ME'] as const
export type DraftAudience = (typeof AUDIENCES)[number]

/** A media file of a draft: an upload of this device, or media that is stored already. */
export type DraftItem = { uploadId: string | null; mediaId: string | null; name: string; altText: string }

/** A post that is being written. */
export type Draft = {
  text: string
  audience: DraftAudience
  items: readonly DraftItem[]
  /** Sent with the post, so that it is published once, however often it is sent. */
  clientMutationId: string
}

/** The limits of the API (`PublishPostInput`). */
export const MOST_CHARACTERS = 10_000
export const MOST_ITEMS = 10

export function emptyDraft(clientMutationId: string): Draft {
  return { text: '', audience: 'FRIENDS', items: [], clientMutationId }
}

/** Adds media at the end, as many as fit. */
export function withItems(draft: Draft, items: readonly DraftItem[]): Draft {
  return { ...draft, items: [...draft.items, ...items].slice(0, MOST_ITEMS) }
}

export function withoutItem(draft: Draft, index: number): Draft {
  return { ...draft, items: draft.items.filter((_, each) => each !== index) }
}

/** Moves a media file to another place. Places outside of the list mean its ends. */
export function moveItem(draft: Draft, from: number, to: number): Draft {
  const items = [...draft.items]
  const [moved] = items.splice(from, 1)
  if (!moved) return draft
  items.splice(Math.min(items.length, Math.max(0, to)), 0, moved)
  return { ...draft, items }
}

/** The number of characters as the API counts them: code points. */
export const lengthOf = (text: string): number => [...text].length

/** What is in the way of publishing; null if nothing is. Uploads that go on are not in the way. */
export function obstacle({ text, items }: Draft): 'EMPTY' | 'TOO_LONG' | null {
  if (lengthOf(text) > MOST_CHARACTERS) return 'TOO_LONG'
  return text.trim() === '' && items.length === 0 ? 'EMPTY' : null
}

/** Reads a kept draft; null if it is none. */
export function readDraft(text: string | null): Draft | null {
  if (text === null) return null
  try {
    const { text: written, audience, items, clientMutationId } = JSON.parse(text) as Partial<Draft>
    if (typeof written !== 'string' || typeof clientMutationId !== 'string' || !Array.isArray(items))
      return null
    const known = AUDIENCES.find((each) => each === audience) ?? 'FRIENDS'
    return { text: written, audience: known, items, clientMutationId }
  } catch {
    return null
  }
}
