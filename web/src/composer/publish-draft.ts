import { explainRefusal } from '../components/explain-refusal.ts'
import { toast } from '../components/toast.ts'
import { Refused } from '../data/failure.ts'
import { type Publication, publish } from '../data/publishing.ts'
import { newId } from '../new-id.ts'
import { captionsText, forgetCaptionsText } from './captions-store.ts'
import { type Draft, needsList } from './draft.ts'
import { keepDraft, keptDraft, saveDraft } from './draft-store.ts'
import { words } from './messages.ts'

/**
 * Publishes a draft whose media are stored, together with their descriptions and captions.
 *
 * @param mediaIds the media of the draft's items, in their order
 * @returns when the outbox of the data layer has all of it
 */
export async function publishDraft(draft: Draft, mediaIds: readonly string[]): Promise<void> {
  const answers = await publish(await publicationOf(draft, mediaIds))
  answers.post.catch((error: unknown) => {
    toast(explained(error, words().notPublished))
    reopen(draft, mediaIds)
  })
  for (const answer of answers.media)
    answer.catch((error: unknown) => toast(explained(error, words().notDescribed)))
  for (const { id } of draft.items.flatMap(({ captions }) => captions))
    void forgetCaptionsText(id).catch(() => {})
}

async function publicationOf(draft: Draft, mediaIds: readonly string[]): Promise<Publication> {
  const { text, audience, audienceListId, lifetimeSeconds, items, clientMutationId } = draft
  const contentWarning = draft.contentWarning.trim()
  const described = items.flatMap((item, index) => {
    const mediaId = mediaIds[index]
    return mediaId === undefined ? [] : [{ ...item, mediaId, altText: item.altText.trim() }]
  })
  const captions: Publication['captions'][number][] = []
  for (const { mediaId, captions: ofItem } of described) {
    for (const { id, language, label } of ofItem) {
      const content = await captionsText(id)
      if (content === null) toast(words().captionsGone)
      else captions.push({ mediaId, language, label, content })
    }
  }
  return {
    post: {
      text,
      mediaIds: [...mediaIds],
      audience,
      clientMutationId,
      ...(contentWarning !== '' && { contentWarning }),
      ...(needsList(audience) && { audienceListId }),
      ...(lifetimeSeconds !== null && { lifetimeSeconds }),
    },
    altTexts: described
      .filter(({ altText }) => altText !== '')
      .map(({ mediaId, altText }) => ({ mediaId, altText })),
    captions,
  }
}

/** Makes a draft again of a post that the server has not accepted. It comes after the one that the user is writing. */
function reopen(draft: Draft, mediaIds: readonly string[]): void {
  const items = draft.items.map((item, index) => ({
    ...item,
    mediaId: mediaIds[index] ?? item.mediaId,
    captions: [],
  }))
  const reopened = { ...draft, items, clientMutationId: newId() }
  if (keptDraft() === null) keepDraft(reopened)
  else saveDraft(reopened)
}

/** Says of an expected failure what is wrong; others are explained in general. */
function explained(error: unknown, general: string): string {
  return error instanceof Refused ? `${general} ${explainRefusal(error)}` : general
}
