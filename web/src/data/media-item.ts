import type { MediaItemFragment } from '../../../generated/graphql/web.ts'

/** One media file, as the API describes it to a client that shows and plays it. */
export type MediaItem = MediaItemFragment
