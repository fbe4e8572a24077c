import type { CommentOnPostInput } from '../../../generated/graphql/blog.ts'
import { isId } from '../../../platform/ids.ts'
import { characterCount, cleanText } from '../../../platform/text/clean-text.ts'
import { readClientMutationId } from '../client-mutation-id.ts'
import { type FailureResult, invalidInput, notAnId } from '../failures.ts'

/** The maximum length of a comment, in characters. */
export const MAX_COMMENT = 2_000

/** A checked and cleaned comment that is to be added. */
export type NewComment = {
  postId: string
  text: string
  replyToId: string | null
  clientMutationId: string | null
}

/** Checks the input of `commentOnPost`. */
export function readComment(input: CommentOnPostInput): NewComment | FailureResult {
  if (!isId(input.postId)) return notAnId('input.postId', 'post', input.postId)
  const replyToId = input.replyToId ?? null
  if (replyToId !== null && !isId(replyToId)) return notAnId('input.replyToId', 'comment', replyToId)
  const text = cleanText(input.text)
  if (text === '') return invalidInput('input.text', 'The comment is empty. Add a text.')
  if (characterCount(text) > MAX_COMMENT) {
    return invalidInput(
      'input.text',
      `The comment has ${characterCount(text)} characters. Shorten it to at most ${MAX_COMMENT}.`,
    )
  }
  const clientMutationId = readClientMutationId(input.clientMutationId)
  if (clientMutationId !== null && typeof clientMutationId === 'object') return clientMutationId
  return { postId: input.postId, text, replyToId, clientMutationId }
}
