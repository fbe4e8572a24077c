import { lengthOf } from '../length-of.ts'
import { type DraftCaptions, LONGEST_LABEL, readCaptions } from './captions-file.ts'

/** Who may see a post. `ONLY_LIST` and `EXCEPT_LIST` need an audience list. */
export const AUDIENCES = ['FRIENDS', 'PUBLIC', 'ONLY_ME', 'ONLY_LIST', 'EXCEPT_LIST'] as const
export type DraftAudience = (typeof AUDIENCES)[number]

/** How long a post can exist, in seconds. Null for a post that does not expire. */
export const LIFETIMES = [null, 3_600, 86_400, 259_200, 604_800] as const
export type Lifetime = (typeof LIFETIMES)[number]

/** A media file of a draft: an upload of this device, or media that is stored already. */
export type DraftItem = {
  uploadId: string | null
  mediaId: string | null
  /** Whether the media was stored for this draft, and is deleted with it. */
  isNewMedia: boolean
  /** Whether it was recorded here, so that the user has no other copy of it. */
  isRecorded: boolean
  name: string
  altText: string
  captions: readonly DraftCaptions[]
}

/** A post that is being written. */
export type Draft = {
  text: string
  contentWarning: string
  audience: DraftAudience
  /** The audience list of `ONLY_LIST` and `EXCEPT_LIST`. */
  audienceListId: string | null
  lifetimeSeconds: Lifetime
  items: readonly DraftItem[]
  /**
   * Sent with the post, so that it is published once, however often it is sent. Until then it is the id of the draft on
   * this device: `publishWhenStored` gives the post another one.
   */
  clientMutationId: string
  /** Why the server has not accepted it, for the user; null if it has not refused it. */
  problem: string | null
}

/** The limits of the API (`PublishPostInput`, `UpdateMediaInput`). */
export const MOST_CHARACTERS = 10_000
export const MOST_ITEMS = 10
export const LONGEST_WARNING = 200
export const LONGEST_ALT_TEXT = 1_500

export function emptyDraft(clientMutationId: string): Draft {
  return {
    text: '',
    contentWarning: '',
    audience: 'FRIENDS',
    audienceListId: null,
    lifetimeSeconds: null,
    items: [],
    clientMutationId,
    problem: null,
  }
}

/** A new media file of a draft, without a description. */
export function draftItem(name: string, uploadId: string | null, isRecorded = false): DraftItem {
  return { uploadId, mediaId: null, isNewMedia: false, isRecorded, name, altText: '', captions: [] }
}

/** Adds media at the end, as many as fit. */
export function withItems(draft: Draft, items: readonly DraftItem[]): Draft {
  return { ...draft, items: [...draft.items, ...items].slice(0, MOST_ITEMS) }
}

export function withoutItem(draft: Draft, index: number): Draft {
  return { ...draft, items: draft.items.filter((_, each) => each !== index) }
}

/** Changes a media file of a draft. */
export function withChangedItem(draft: Draft, index: number, changes: Partial<DraftItem>): Draft {
  return {
    ...draft,
    items: draft.items.map((item, each) => (each === index ? { ...item, ...changes } : item)),
  }
}

/** Moves a media file to another place. Places outside of the list mean its ends. */
export function moveItem(draft: Draft, from: number, to: number): Draft {
  const items = [...draft.items]
  const [moved] = items.splice(from, 1)
  if (!moved) return draft
  items.splice(Math.min(items.length, Math.max(0, to)), 0, moved)
  return { ...draft, items }
}

/** Whether an audience needs an audience list. */
export const needsList = (audience: DraftAudience): boolean =>
  audience === 'ONLY_LIST' || audience === 'EXCEPT_LIST'

/** What is in the way of publishing; null if nothing is. Uploads that go on are not in the way. */
export function obstacle(
  draft: Draft,
): 'EMPTY' | 'TOO_LONG' | 'WARNING_TOO_LONG' | 'ITEM_TOO_LONG' | 'NO_LIST' | null {
  const { text, contentWarning, items, audience, audienceListId } = draft
  if (lengthOf(text) > MOST_CHARACTERS) return 'TOO_LONG'
  if (lengthOf(contentWarning) > LONGEST_WARNING) return 'WARNING_TOO_LONG'
  if (items.some(isTooLong)) return 'ITEM_TOO_LONG'
  if (text.trim() === '' && items.length === 0) return 'EMPTY'
  return needsList(audience) && audienceListId === null ? 'NO_LIST' : null
}

/** Whether the API would refuse a text of a media file because of its length. */
function isTooLong({ altText, captions }: DraftItem): boolean {
  return lengthOf(altText) > LONGEST_ALT_TEXT || captions.some(({ label }) => lengthOf(label) > LONGEST_LABEL)
}

/** Whether the user has written or chosen nothing, so that there is nothing to keep. */
export function isUntouched({ clientMutationId, ...draft }: Draft): boolean {
  const { clientMutationId: _, ...empty } = emptyDraft(clientMutationId)
  return JSON.stringify({ ...draft, text: draft.text.trim() }) === JSON.stringify(empty)
}

/** Reads what may be a draft; null if it is none. */
export const toDraft = (value: unknown): Draft | null => readDraft(JSON.stringify(value ?? null))

/** Reads a kept draft, also of an earlier version of the client; null if it is none. */
export function readDraft(text: string | null): Draft | null {
  if (text === null) return null
  try {
    const kept = JSON.parse(text) as { [Key in keyof Draft]?: unknown }
    const { text: written, contentWarning, audience, audienceListId, items, clientMutationId, problem } = kept
    if (typeof written !== 'string' || typeof clientMutationId !== 'string' || !Array.isArray(items))
      return null
    return {
      text: written,
      contentWarning: typeof contentWarning === 'string' ? contentWarning : '',
      audience: AUDIENCES.find((each) => each === audience) ?? 'FRIENDS',
      audienceListId: typeof audienceListId === 'string' ? audienceListId : null,
      lifetimeSeconds: LIFETIMES.find((each) => each === kept.lifetimeSeconds) ?? null,
      items: items.flatMap((item) => readItem(item) ?? []),
      clientMutationId,
      problem: typeof problem === 'string' ? problem : null,
    }
  } catch {
    return null
  }
}

function readItem(item: unknown): DraftItem | null {
  if (typeof item !== 'object' || item === null) return null
  const { uploadId, mediaId, isNewMedia, isRecorded, name, altText, captions } = item as {
    [Key in keyof DraftItem]?: unknown
  }
  if (typeof name !== 'string') return null
  return {
    uploadId: typeof uploadId === 'string' ? uploadId : null,
    mediaId: typeof mediaId === 'string' ? mediaId : null,
    isNewMedia: isNewMedia === true,
    isRecorded: isRecorded === true,
    name,
    altText: typeof altText === 'string' ? altText : '',
    captions: Array.isArray(captions) ? captions.flatMap((each) => readCaptions(each) ?? []) : [],
  }
}
