import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import type { RevokedTokens } from '../revocations/revoked-tokens.ts'
import { createDeleteMedia, type DeleteMedia } from './delete-media.ts'
import {
  createDeletionReport,
  createMediaEvents,
  type MediaEvents,
  mediaEventHandlers,
} from './media-events.ts'
import { createMediaLoaders, createVisibleMedia, type LoadersOf } from './media-loaders.ts'
import { createPlayableFinder } from './playable-media.ts'
import { deleteExpiredMediaResolvers } from './resolvers/delete-expired-media.ts'
import { deleteMediaResolvers } from './resolvers/delete-media.ts'
import { mediaResolvers } from './resolvers/media.ts'
import { mediaByIdsResolvers } from './resolvers/media-by-ids.ts'
import { mediaLibraryResolvers } from './resolvers/media-library.ts'
import { updateMediaResolvers } from './resolvers/update-media.ts'

/** The dependencies of this module. */
export type MediaDeps = Pick<
  Resources,
  'db' | 'pool' | 'objects' | 'communication' | 'enqueue' | 'clock' | 'log'
> & {
  revokedTokens: RevokedTokens
}

/** What other modules use of this one. */
export type MediaModule = Module & { events: MediaEvents; loaders: LoadersOf; deleteMedia: DeleteMedia }

/** The media that are stored, and the messages to `communication` about them. */
export function mediaModule(deps: MediaDeps): MediaModule {
  const { db, communication, enqueue, log } = deps
  const events = createMediaEvents(enqueue)
  const loaders = createMediaLoaders(deps)
  const visibleMedia = createVisibleMedia(loaders, createPlayableFinder(communication))
  const deleteMedia = createDeleteMedia({ ...deps, publishDeleted: events.deleted })
  return {
    events,
    loaders,
    deleteMedia,
    resolvers: mergeResolvers([
      mediaResolvers(loaders, visibleMedia),
      mediaLibraryResolvers({ db }),
      updateMediaResolvers({ db, loaders }),
      deleteMediaResolvers({ deleteMedia, reportDeletion: createDeletionReport(communication, log) }),
    ]),
    internalResolvers: mergeResolvers([
      mediaByIdsResolvers(loaders),
      deleteExpiredMediaResolvers({ deleteMedia }),
    ]),
    outboxHandlers: mediaEventHandlers(communication),
  }
}
