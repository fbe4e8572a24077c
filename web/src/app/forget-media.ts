import { toast } from '../components/toast.ts'
import type { Forget } from '../data/lost-media.ts'
import { words } from './messages.ts'

/** Deletes from this device the pictures of media that are lost. What fails is deleted at the next start. */
export const forgetMedia: Forget = (isLost) => {
  void import('../service-worker/picture-cache.ts')
    .then(({ forgetPicturesOf }) => forgetPicturesOf(isLost))
    .catch(() => {})
}

/** Says that a player may no longer play a media file, because its post is about to disappear, and deletes its pictures. */
export function forgetEnded(event: Event): void {
  const { mediaId, reason } = (event as CustomEvent<{ mediaId: string; reason: string }>).detail
  if (reason !== 'ENDED') return
  toast(words().ended)
  forgetMedia((id) => id === mediaId)
}
