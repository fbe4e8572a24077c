import type { MediaAddresses } from './player-media.ts'

/** The detail of the event `moblog-renew`. A listener answers it with `respondWith`. */
export type RenewRequest = {
  mediaId: string
  /** Takes the new addresses, or null if the viewer may no longer play the media. */
  respondWith(answer: Promise<MediaAddresses | null>): void
}

/** Asks the page around an element for new addresses of a media file. Rejects if nobody answers. */
export function askRenewal(element: HTMLElement, mediaId: string): Promise<MediaAddresses | null> {
  let answer: Promise<MediaAddresses | null> | null = null
  const detail: RenewRequest = {
    mediaId,
    respondWith(promise) {
      answer = promise
    },
  }
  element.dispatchEvent(new CustomEvent('moblog-renew', { detail, bubbles: true, composed: true }))
  return answer ?? Promise.reject(new Error('nobody renews the addresses'))
}
