import {
  AddCaptionsDocument,
  type AddCaptionsInput,
  PublishPostDocument,
  type PublishPostInput,
  UpdateMediaDocument,
  type UpdateMediaInput,
} from '../../../generated/graphql/web.ts'
import { send } from './client.ts'
import { succeed } from './failure.ts'
import { isOtherPost } from './other-post.ts'
import { keepInOutbox } from './outbox.ts'

/** A post with what belongs to its media: descriptions and captions, and the draft that it was written from. */
export type Publication = {
  draft?: unknown
  post: PublishPostInput & { clientMutationId: string }
  altTexts: readonly { mediaId: string; altText: string }[]
  captions: readonly AddCaptionsInput[]
}

/** What the server says about the parts of a publication, much later if there is no connection. */
export type PublicationAnswers = {
  /** The id of the post. */
  post: Promise<string>
  /** First those of the descriptions, then those of the captions. */
  media: Promise<void>[]
}

/**
 * Publishes a post, also without a connection: then it is sent later. The descriptions and captions of its media are
 * sent before, because the outbox keeps the order, and all of it may be repeated.
 *
 * @returns when the outbox has all of it
 */
export async function publish({ draft, post, altTexts, captions }: Publication): Promise<PublicationAnswers> {
  const media: Promise<void>[] = []
  const note = (answer: Promise<void>) => {
    // The caller looks at it later. Until then, it is no unhandled rejection.
    answer.catch(() => {})
    media.push(answer)
  }
  for (const input of altTexts) {
    const { answer } = await keepInOutbox(UpdateMediaDocument, { input })
    note(answer.then(({ updateMedia }) => void succeed(updateMedia)))
  }
  for (const input of captions) {
    const { answer } = await keepInOutbox(AddCaptionsDocument, { input })
    note(answer.then(({ addCaptions }) => void succeed(addCaptions)))
  }
  const { answer } = await keepInOutbox(PublishPostDocument, { input: post }, draft)
  return {
    post: answer.then(({ publishPost }) => {
      const { post: published } = succeed(publishPost)
      if (isOtherPost(published, post))
        throw new Error('The server has published another post with this clientMutationId.')
      return published.id
    }),
    media,
  }
}

/** Changes the description of a media file for users who cannot see or hear it. */
export async function describeMedia(input: UpdateMediaInput): Promise<void> {
  succeed((await send(UpdateMediaDocument, { input })).updateMedia)
}
