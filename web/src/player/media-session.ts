/** What the controls of the operating system show and do. */
export type SessionPlayer = {
  title: string
  artist: string
  artwork: string | null
  play(): void
  pause(): void
  seekBy(seconds: number): void
  seekTo(seconds: number): void
}

const STEP = 10

/** Shows a player in the controls of the operating system: on the lock screen, on headphones, on keyboards. */
export function showInSession(player: SessionPlayer): void {
  if (!('mediaSession' in navigator)) return
  const { title, artist, artwork } = player
  navigator.mediaSession.metadata = new MediaMetadata({
    title,
    artist,
    artwork: artwork === null ? [] : [{ src: artwork }],
  })
  on('play', () => player.play())
  on('pause', () => player.pause())
  on('seekbackward', ({ seekOffset }) => player.seekBy(-(seekOffset ?? STEP)))
  on('seekforward', ({ seekOffset }) => player.seekBy(seekOffset ?? STEP))
  on('seekto', ({ seekTime }) => player.seekTo(seekTime ?? 0))
}

/** Tells the controls where the player is. */
export function showPosition(media: HTMLMediaElement): void {
  if (!('mediaSession' in navigator)) return
  navigator.mediaSession.playbackState = media.paused ? 'paused' : 'playing'
  const { duration, currentTime, playbackRate } = media
  if (!Number.isFinite(duration) || duration <= 0 || currentTime > duration) return
  navigator.mediaSession.setPositionState?.({ duration, position: currentTime, playbackRate })
}

function on(action: MediaSessionAction, handler: (details: MediaSessionActionDetails) => void): void {
  try {
    navigator.mediaSession.setActionHandler(action, handler)
  } catch {
    // The browser does not know this action.
  }
}
