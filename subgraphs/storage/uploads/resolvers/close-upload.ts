import type { Resolvers } from '../../../../generated/graphql/internal/storage.ts'
import { giveUp, type Receiving } from '../receiving.ts'
import { FINISHED, NO_SUCH_UPLOAD } from '../refusals.ts'
import { findUpload } from '../upload-store.ts'

/** `Mutation.closeUpload` of the internal API */
export function closeUploadResolvers(deps: Pick<Receiving, 'db' | 'files' | 'locks' | 'clock'>) {
  const { db } = deps
  return {
    Mutation: {
      async closeUpload(_root, { input: { uploadId, ownerId } }) {
        const upload = await findUpload(db, uploadId)
        if (upload?.ownerId !== ownerId) return { refusal: NO_SUCH_UPLOAD, upload: null }
        if (await giveUp(deps, uploadId, 'CANCELLED')) return { refusal: null, upload: null }
        const state = (await findUpload(db, uploadId))?.state
        const isGivenUp = state === 'CANCELLED' || state === 'EXPIRED'
        return { refusal: isGivenUp ? null : FINISHED, upload: null }
      },
    },
  } satisfies Resolvers
}
