import { addressOf } from '../app/routes.ts'
import type { Explanations } from '../components/explain-problem.ts'
import { explainRefusal } from '../components/explain-refusal.ts'
import { toast } from '../components/toast.ts'
import { Refused } from '../data/failure.ts'
import { type Publication, type PublicationAnswers, publish } from '../data/publishing.ts'
import { sentences } from '../i18n/format.ts'
import { newId } from '../new-id.ts'
import { captionsText, forgetCaptionsText } from './captions-store.ts'
import { type Draft, needsList } from './draft.ts'
import { words } from './messages.ts'

/**
 * Publishes a draft whose media are stored, together with their descriptions and captions.
 *
 * @param onRefused called with a draft for another attempt if the server does not accept the post
 * @returns when the outbox of the data layer has all of it
 */
export async function publishDraft(draft: Draft, onRefused: (again: Draft) => void): Promise<void> {
  const { publication, parts } = await publicationOf(draft)
  const answers = await publish(publication)
  answers.post.catch((error: unknown) => onRefused(afterRefusal(draft, error)))
  void explainMissing(answers, parts)
  for (const { id } of draft.items.flatMap(({ captions }) => captions))
    void forgetCaptionsText(id).catch(() => {})
}

/** The draft for another attempt, which says what was wrong. The API has its captions already, or they are added again. */
export function afterRefusal(draft: Draft, error: unknown): Draft {
  const items = draft.items.map((item) => ({ ...item, captions: [] }))
  // The server answers the same for a list and for media that are gone.
  const { listGonePost, listOrFileGone } = words()
  const own = needsList(draft.audience) && { NOT_FOUND: items.length > 0 ? listOrFileGone : listGonePost }
  return {
    ...draft,
    items,
    clientMutationId: newId(),
    problem: explained(error, words().notPublished, own || {}),
  }
}

/** Says which descriptions and captions the server has not added, until the user closes the message. */
async function explainMissing({ post, media }: PublicationAnswers, parts: readonly string[]): Promise<void> {
  const results = await Promise.allSettled(media)
  const texts = results.flatMap((result, index) =>
    result.status === 'rejected' ? [explained(result.reason, parts[index] ?? '')] : [],
  )
  if (texts.length === 0) return
  // A post that was not published is shown with its own message.
  const id = await post.catch(() => null)
  const show = () => {
    location.hash = addressOf({ name: 'post', id: id ?? '' })
  }
  const { showNotice } = await import('../components/notice.ts')
  showNotice(sentences(...texts), id === null ? [] : [{ label: words().showPost, act: show }], true)
}

/** What is published, and what to say of each of its descriptions and captions if it is missing afterwards. */
async function publicationOf(draft: Draft): Promise<{ publication: Publication; parts: string[] }> {
  const { text, audience, audienceListId, lifetimeSeconds, items, clientMutationId } = draft
  const contentWarning = draft.contentWarning.trim()
  const described = items.flatMap((item) => {
    const { mediaId } = item
    return mediaId === null ? [] : [{ ...item, mediaId, altText: item.altText.trim() }]
  })
  const { notCaptioned, notDescribed } = words()
  const withText = described.filter(({ altText }) => altText !== '')
  const parts = withText.map(({ name }) => notDescribed(name))
  const captions: Publication['captions'][number][] = []
  for (const { mediaId, name, captions: ofItem } of described) {
    for (const { id, fileName, language, label } of ofItem) {
      const content = await captionsText(id)
      if (content === null) toast(words().captionsGone)
      else {
        captions.push({ mediaId, language, label, content })
        parts.push(notCaptioned(fileName, name))
      }
    }
  }
  const publication: Publication = {
    draft,
    post: {
      text,
      mediaIds: described.map(({ mediaId }) => mediaId),
      audience,
      clientMutationId,
      ...(contentWarning !== '' && { contentWarning }),
      ...(needsList(audience) && { audienceListId }),
      ...(lifetimeSeconds !== null && { lifetimeSeconds }),
    },
    altTexts: withText.map(({ mediaId, altText }) => ({ mediaId, altText })),
    captions,
  }
  return { publication, parts }
}

/** Says of an expected failure what is wrong; others are explained in general. */
function explained(error: unknown, general: string, own: Explanations = {}): string {
  return error instanceof Refused ? sentences(general, explainRefusal(error, own)) : general
}
