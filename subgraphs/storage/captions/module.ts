import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { CapacityLimits } from '../capacity/room.ts'
import type { MediaEvents } from '../media/media-events.ts'
import type { LoadersOf } from '../media/media-loaders.ts'
import type { Resources } from '../resources.ts'
import { createCaptionsLoader } from './captions-loader.ts'
import { addCaptionsResolvers } from './resolvers/add-captions.ts'
import { mediaCaptionsResolvers } from './resolvers/media-captions.ts'
import { removeCaptionsResolvers } from './resolvers/remove-captions.ts'

/** The dependencies of this module. */
export type CaptionsDeps = Pick<Resources, 'db'> & {
  limits: CapacityLimits
  media: { events: MediaEvents; loaders: LoadersOf }
}

/** The captions of audio and video. */
export function captionsModule({ db, limits, media }: CaptionsDeps): Module {
  const changing = { db, limits, publishCaptions: media.events.captions, loaders: media.loaders }
  return {
    resolvers: mergeResolvers([
      mediaCaptionsResolvers(createCaptionsLoader(db)),
      addCaptionsResolvers(changing),
      removeCaptionsResolvers(changing),
    ]),
  }
}
