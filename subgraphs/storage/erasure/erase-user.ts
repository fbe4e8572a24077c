import type { Resolvers } from '../../../generated/graphql/internal/storage.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { requireService } from '../../../platform/subgraph/internal-api.ts'
import { saveRevocations } from '../delivery/revocation-store.ts'
import { type Deleting, deleteMedia } from '../media/delete-media.ts'
import { listMediaOf } from '../media/media-store.ts'
import { giveUp, type Receiving } from '../uploads/receiving.ts'

/** The dependencies of erasing. */
export type Erasing = Deleting & Receiving

const BATCH = 100
// Also revokes tokens that are signed before `communication` has deleted the account everywhere. In milliseconds.
const PROPAGATION_MS = 3_600_000

/** The internal resolver that erases a user's data in storage; for `communication` only. */
export function internalErasureResolvers(erasing: Erasing) {
  return {
    Mutation: {
      async eraseUserMedia(_root, { input: { userId } }, { caller }) {
        requireService(caller, 'communication')
        if (!isId(userId)) throw badInput('The user id must be a UUID.')
        await eraseUser(erasing, userId)
        return true
      },
    },
  } satisfies Resolvers
}

/**
 * Erases a user's uploads and media with their bytes. It revokes the tokens first, so that no viewer sees half-erased
 * data. Running it again erases what was added in the meantime.
 */
async function eraseUser(erasing: Erasing, userId: string): Promise<void> {
  const { db, revocations, clock } = erasing
  const now = clock()
  const issuedUntil = new Date(now.getTime() + PROPAGATION_MS)
  const newRevocations = [
    { ownerId: userId, viewerId: null, mediaId: null, sessionId: null, issuedUntil },
    { ownerId: null, viewerId: userId, mediaId: null, sessionId: null, issuedUntil },
  ]
  for (const revocation of newRevocations) revocations.add(revocation)
  await saveRevocations(db, newRevocations, now)
  await endUploads(erasing, userId)
  for (;;) {
    const media = await listMediaOf(db, userId, { limit: BATCH, olderThan: null })
    for (const { id } of media) await deleteMedia(erasing, id, userId)
    if (media.length < BATCH) break
  }
  // Finished upload rows contain file names and results.
  await db.upload.deleteMany({ where: { ownerId: userId, finishedAt: { not: null } } })
}

async function endUploads(erasing: Erasing, ownerId: string): Promise<void> {
  const unfinished = await erasing.db.upload.findMany({
    where: { ownerId, finishedAt: null },
    select: { id: true, state: true },
  })
  for (const { id } of unfinished) {
    // An upload with all its bytes is already in verification. Waiting for the result leaves either a media file or
    // nothing.
    if (!(await giveUp(erasing, id, 'CANCELLED'))) await erasing.verifications.run(id, ownerId)
  }
}
