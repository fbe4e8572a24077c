import type Hls from 'hls.js'
import { createCurrentAddress } from './current-address.ts'
import { type Trouble, troubleOf } from './refusal.ts'

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
  onTrouble: (trouble: Trouble | 'BROKEN') => void,
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
  hls.on(HlsPlayer.Events.ERROR, (_name, { fatal, type, response }) => {
    if (type === HlsPlayer.ErrorTypes.NETWORK_ERROR) {
      const trouble = troubleOf(response?.code)
      if (trouble === 'REFUSED' || fatal) onTrouble(trouble)
    } else if (fatal && type === HlsPlayer.ErrorTypes.MEDIA_ERROR && recoveries < 2) {
      recoveries += 1
      hls.recoverMediaError()
    } else if (fatal) onTrouble('BROKEN')
  })
  hls.loadSource(playlist)
  hls.attachMedia(media)
  return {
    renew: (next) => address.renew(next),
    resume() {
      hls.startLoad(media.currentTime)
    },
    stop: () => hls.destroy(),
  }
}
