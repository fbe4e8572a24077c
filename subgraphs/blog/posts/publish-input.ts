import type { Audience, PublishPostInput } from '../../../generated/graphql/blog.ts'
import { isId } from '../../../platform/ids.ts'
import { characterCount, cleanText } from '../../../platform/text/clean-text.ts'
import { readClientMutationId } from '../client-mutation-id.ts'
import { type FailureResult, invalidInput } from '../failures.ts'

/** The maximum length of a post's text, in characters. */
export const MAX_POST_TEXT = 10_000

/** The maximum number of media in a post. */
export const MAX_POST_MEDIA = 10

/** A checked and cleaned post that is to be published. */
export type NewPost = {
  text: string
  mediaIds: string[]
  audience: Audience
  clientMutationId: string | null
}

/** Checks the content of a post. Returns the cleaned text and the media ids, or the failure. */
export function readPostContent(
  text: string,
  mediaIds: readonly string[],
): { text: string; mediaIds: string[] } | FailureResult {
  const clean = cleanText(text)
  if (characterCount(clean) > MAX_POST_TEXT) {
    return invalidInput('input.text', `A text has at most ${MAX_POST_TEXT} characters.`)
  }
  if (mediaIds.length > MAX_POST_MEDIA) {
    return invalidInput('input.mediaIds', `A post shows at most ${MAX_POST_MEDIA} media.`)
  }
  const wrong = mediaIds.find((id) => !isId(id))
  if (wrong !== undefined)
    return invalidInput('input.mediaIds', `"${wrong.slice(0, 40)}" is not the id of a medium.`)
  if (new Set(mediaIds).size < mediaIds.length) {
    return invalidInput('input.mediaIds', 'A post shows each medium once.')
  }
  if (clean === '' && mediaIds.length === 0) {
    return invalidInput('input.text', 'A post without media needs a text.')
  }
  return { text: clean, mediaIds: [...mediaIds] }
}

/** Checks the input of `publishPost`. */
export function readPublishInput(input: PublishPostInput): NewPost | FailureResult {
  const content = readPostContent(input.text, input.mediaIds ?? [])
  if ('__typename' in content) return content
  const clientMutationId = readClientMutationId(input.clientMutationId)
  if (clientMutationId !== null && typeof clientMutationId === 'object') return clientMutationId
  return { ...content, audience: input.audience ?? 'FRIENDS', clientMutationId }
}
