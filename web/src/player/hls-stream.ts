import type Hls from 'hls.js'
import { createCurrentAddress } from './current-address.ts'
import { retryAfterMs, type Trouble, troubleOf } from './refusal.ts'

/** A stream that hls.js plays into an element. */
export type HlsStream = {
  /** Takes new addresses. Nothing is loaded again: later segments are asked for with the new token. */
  renew(playlist: string): void
  /** Continues to load after trouble. */
  resume(): void
  stop(): void
}

/** Loads hls.js and plays a stream. Rejects if hls.js cannot be loaded. */
export async function playWithHls(
  media: HTMLMediaElement,
  playlist: string,
  startAt: number,
  onTrouble: (trouble: Trouble | 'BROKEN', retryAfterMs: number) => void,
): Promise<HlsStream> {
  const { default: HlsPlayer } = await import('hls.js/light')
  const address = createCurrentAddress(playlist)
  const hls: Hls = new HlsPlayer({
    // The Content-Security-Policy of the pages that contain players forbids workers.
    enableWorker: false,
    // A stream that is still being made grows; it starts at its beginning.
    startPosition: startAt,
    capLevelToPlayerSize: true,
    maxBufferLength: 20,
    xhrSetup(request, url) {
      const current = address.of(url)
      if (current !== url) request.open('GET', current, true)
    },
  })
  let recoveries = 0
  hls.on(HlsPlayer.Events.ERROR, (_name, { fatal, type, response, networkDetails }) => {
    if (type === HlsPlayer.ErrorTypes.NETWORK_ERROR) {
      const trouble = troubleOf(response?.code)
      const header =
        networkDetails instanceof XMLHttpRequest && networkDetails.getResponseHeader('Retry-After')
      if (trouble === 'REFUSED' || fatal) onTrouble(trouble, retryAfterMs(header || null))
    } else if (fatal && type === HlsPlayer.ErrorTypes.MEDIA_ERROR && recoveries < 2) {
      recoveries += 1
      hls.recoverMediaError()
    } else if (fatal) onTrouble('BROKEN', 0)
  })
  hls.loadSource(playlist)
  hls.attachMedia(media)
  return {
    renew: (next) => address.renew(next),
    resume() {
      // Without the playlist that lists the sizes, there is nothing else to load.
      if (hls.levels.length === 0) hls.loadSource(address.of(playlist))
      else hls.startLoad(media.currentTime)
    },
    stop: () => hls.destroy(),
  }
}
