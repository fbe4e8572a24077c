import type { PublishPostInput } from '../../../generated/graphql/web.ts'

/** A post as the server has answered it. */
type Answered = { text: string; editedAt?: string | null; media: readonly { id: string }[] }

// The server removes or replaces some of these. Letters are compared without their marks.
const NOT_COMPARED = /[\s\p{C}\p{M}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\uFFFD]/gu

/**
 * Whether the server has answered with another post than the one that was sent. It does so if two posts have the same
 * `clientMutationId`, and does not publish the second one then.
 */
export function isOtherPost(
  { text, editedAt, media }: Answered,
  sent: Pick<PublishPostInput, 'text' | 'mediaIds'>,
): boolean {
  // The answer came late, and the post was changed on another device.
  if (editedAt) return false
  const isOtherText = compared(text) !== compared(sent.text)
  return isOtherText || media.some(({ id }) => !sent.mediaIds?.includes(id))
}

const compared = (text: string) => text.normalize('NFD').replace(NOT_COMPARED, '')
