import type { Forget } from '../data/lost-media.ts'

/** Deletes from this device the pictures of media that are lost. What fails is deleted at the next start. */
export const forgetMedia: Forget = (isLost) => {
  void import('../service-worker/picture-cache.ts')
    .then(({ forgetPicturesOf }) => forgetPicturesOf(isLost))
    .catch(() => {})
}

/** Deletes the pictures of a media file that a player may no longer play. */
export function forgetEnded(event: Event): void {
  const { mediaId, reason } = (event as CustomEvent<{ mediaId: string; reason: string }>).detail
  if (reason === 'ENDED') forgetMedia((id) => id === mediaId)
}
