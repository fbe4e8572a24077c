import { newId } from '../../../platform/ids.ts'
import { lockReservations, userOccupancy } from '../capacity/occupancy-store.ts'
import type { CapacityLimits } from '../capacity/room.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import { noSuchMedia, requestFailed } from '../failures.ts'
import type { MediaEvents } from '../media/media-events.ts'
import { countCaptionsChange, deleteCaptions, listCaptions, saveCaptions } from './captions-store.ts'
import type { NewCaptions } from './read-captions.ts'

/** The dependencies of changing captions. */
export type ChangingCaptions = {
  db: RootDb
  limits: Pick<CapacityLimits, 'userQuota'>
  /** Queues the new list of captions for `communication`. */
  publishCaptions: MediaEvents['captions']
}

const MAX_LANGUAGES = 20

type Failed = ReturnType<typeof requestFailed>

/** Rolls the transaction back. */
class Refused extends Error {
  readonly failure: Failed

  constructor(failure: Failed) {
    super(failure.message)
    this.failure = failure
  }
}

/** Adds captions to a media file of its owner. Returns the failure, or null. */
export function addCaptions(
  deps: ChangingCaptions,
  ownerId: string,
  mediaId: string,
  added: NewCaptions,
): Promise<Failed | null> {
  return change(deps, ownerId, mediaId, async (tx) => {
    const captions = await listCaptions(tx, [mediaId])
    const replaced = captions.find(({ language }) => language === added.language)
    if (!replaced && captions.length >= MAX_LANGUAGES) {
      throw new Refused(
        requestFailed(
          'CONFLICT',
          `The media file has captions in ${MAX_LANGUAGES} languages, which is the limit. Remove some first.`,
        ),
      )
    }
    const { used, reserved } = await userOccupancy(tx, ownerId)
    if (used + reserved + added.byteSize - (replaced?.byteSize ?? 0) > deps.limits.userQuota) {
      throw new Refused(
        requestFailed('QUOTA_EXCEEDED', 'The captions would exceed your storage quota. Delete media first.'),
      )
    }
    await saveCaptions(tx, { ...added, mediaId, version: newId() })
  })
}

/** Removes captions from a media file of its owner. Returns the failure, or null. */
export function removeCaptions(
  deps: ChangingCaptions,
  ownerId: string,
  mediaId: string,
  language: string,
): Promise<Failed | null> {
  return change(deps, ownerId, mediaId, async (tx) => {
    if (await deleteCaptions(tx, mediaId, language)) return
    throw new Refused(
      requestFailed('NOT_FOUND', `The media file has no captions in the language ${language}.`),
    )
  })
}

/** Changes captions and queues their new list, in one transaction. */
async function change(
  { db, publishCaptions }: ChangingCaptions,
  ownerId: string,
  mediaId: string,
  work: (tx: Db) => Promise<void>,
): Promise<Failed | null> {
  try {
    await inTransaction(db, async (tx) => {
      await lockReservations(tx)
      const media = await countCaptionsChange(tx, mediaId, ownerId)
      if (!media) throw new Refused(noSuchMedia())
      if (media.kind === 'IMAGE') {
        throw new Refused(
          requestFailed('UNSUPPORTED_MEDIA', 'An image has no captions. Describe it with altText.'),
        )
      }
      await work(tx)
      await publishCaptions(tx, mediaId, await listCaptions(tx, [mediaId]), media.revision)
    })
    return null
  } catch (error) {
    if (error instanceof Refused) return error.failure
    throw error
  }
}
