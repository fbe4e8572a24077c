import { MediaDocument } from '../../../generated/graphql/web.ts'
import { ask } from '../data/client.ts'
import type { RenewRequest } from '../player/ask-renewal.ts'

/** Gives a player new addresses when its token has expired. */
export function answerRenewal(event: Event): void {
  const { mediaId, respondWith } = (event as CustomEvent<RenewRequest>).detail
  respondWith(ask(MediaDocument, { id: mediaId }).then(({ media }) => media?.access ?? null))
}
