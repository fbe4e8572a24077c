import type { Audience, PublishPostInput } from '../../../generated/graphql/blog.ts'
import { isId } from '../../../platform/ids.ts'
import { characterCount, cleanLine, cleanText } from '../../../platform/text/clean-text.ts'
import { readClientMutationId } from '../client-mutation-id.ts'
import { type FailureResult, invalidInput, notAnId } from '../failures.ts'
import { readAudience } from './audience-input.ts'

/** The maximum length of a post's text, in characters. */
export const MAX_POST_TEXT = 10_000

/** The maximum number of media in a post. */
export const MAX_POST_MEDIA = 10

/** The shortest and the longest lifetime of a post that expires, in seconds. */
const MIN_LIFETIME = 3_600
const MAX_LIFETIME = 604_800

/** The maximum length of a post's content warning, in characters. */
const MAX_CONTENT_WARNING = 200

/** The parts of a post's content that are checked together. */
export type CheckedContent = {
  text: string
  /** Null if there is none. */
  contentWarning: string | null
  mediaIds: string[]
}

/** A checked and cleaned post that is to be published. */
export type NewPost = CheckedContent & {
  audience: Audience
  audienceListId: string | null
  /** After how many seconds it expires; null if it does not. */
  lifetimeSeconds: number | null
  clientMutationId: string | null
}

/** Checks the content of a post. Returns the cleaned texts and the media ids, or the failure. */
export function readPostContent({
  text,
  contentWarning,
  mediaIds,
}: Readonly<CheckedContent>): CheckedContent | FailureResult {
  const clean = cleanText(text)
  const warning = cleanLine(contentWarning ?? '')
  if (characterCount(clean) > MAX_POST_TEXT) {
    return invalidInput(
      'input.text',
      `The text has ${characterCount(clean)} characters. Shorten it to at most ${MAX_POST_TEXT}.`,
    )
  }
  if (characterCount(warning) > MAX_CONTENT_WARNING) {
    return invalidInput(
      'input.contentWarning',
      `The content warning has ${characterCount(warning)} characters. Shorten it to at most ${MAX_CONTENT_WARNING}.`,
    )
  }
  if (mediaIds.length > MAX_POST_MEDIA) {
    return invalidInput(
      'input.mediaIds',
      `${mediaIds.length} media are too many for one post. Choose at most ${MAX_POST_MEDIA}.`,
    )
  }
  const invalidId = mediaIds.find((id) => !isId(id))
  if (invalidId !== undefined) return notAnId('input.mediaIds', 'media', invalidId)
  if (new Set(mediaIds).size < mediaIds.length) {
    return invalidInput('input.mediaIds', 'A media id is repeated. List each media id once.')
  }
  if (clean === '' && mediaIds.length === 0) {
    return invalidInput('input.text', 'The post is empty. Add a text or media.')
  }
  return { text: clean, contentWarning: warning || null, mediaIds: [...mediaIds] }
}

/** Checks the input of `publishPost`. */
export function readPublishInput(input: PublishPostInput): NewPost | FailureResult {
  const content = readPostContent({
    text: input.text,
    contentWarning: input.contentWarning ?? null,
    mediaIds: input.mediaIds ?? [],
  })
  if ('__typename' in content) return content
  const clientMutationId = readClientMutationId(input.clientMutationId)
  if (clientMutationId !== null && typeof clientMutationId === 'object') return clientMutationId
  const shown = readAudience(input.audience ?? 'FRIENDS', input.audienceListId ?? null, null)
  if ('__typename' in shown) return shown
  const lifetimeSeconds = input.lifetimeSeconds ?? null
  if (lifetimeSeconds !== null && (lifetimeSeconds < MIN_LIFETIME || lifetimeSeconds > MAX_LIFETIME)) {
    return invalidInput(
      'input.lifetimeSeconds',
      `A post cannot expire after ${lifetimeSeconds} seconds. Choose from ${MIN_LIFETIME} to ${MAX_LIFETIME}.`,
    )
  }
  return { ...content, ...shown, lifetimeSeconds, clientMutationId }
}
