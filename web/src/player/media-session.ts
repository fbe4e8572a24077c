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

/**
 * Shows a player in the controls of the operating system: on the lock screen, on headphones, on keyboards. Without a player,
 * the controls disappear.
 */
export function showInSession(player: SessionPlayer | null): void {
  if (!('mediaSession' in navigator)) return
  const { mediaSession: session } = navigator
  session.metadata =
    player && new MediaMetadata({ ...player, artwork: player.artwork ? [{ src: player.artwork }] : [] })
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => player?.play(),
    pause: () => player?.pause(),
    seekbackward: ({ seekOffset }) => player?.seekBy(-(seekOffset ?? STEP)),
    seekforward: ({ seekOffset }) => player?.seekBy(seekOffset ?? STEP),
    seekto: ({ seekTime }) => player?.seekTo(seekTime ?? 0),
  }
  for (const [action, handler] of Object.entries(handlers)) {
    try {
      session.setActionHandler(action as MediaSessionAction, player && handler)
    } catch {
      // The browser does not know this action.
    }
  }
  if (player) return
  session.playbackState = 'none'
  session.setPositionState?.()
}

/** Tells the controls where the player is. */
export function showPosition(media: HTMLMediaElement): void {
  if (!('mediaSession' in navigator)) return
  navigator.mediaSession.playbackState = media.paused ? 'paused' : 'playing'
  const { duration, currentTime, playbackRate } = media
  if (!Number.isFinite(duration) || duration <= 0 || currentTime > duration) return
  navigator.mediaSession.setPositionState?.({ duration, position: currentTime, playbackRate })
}
