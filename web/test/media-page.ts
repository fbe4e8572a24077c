import '../src/design/sizes.css'
import '../src/design/tokens.css'
import { answerRenewal } from '../src/app/media-addresses.ts'
import type { Composed } from '../src/composer/moblog-composer.ts'
import { followPendingPosts } from '../src/composer/pending-posts.ts'
import { openClient } from '../src/data/client.ts'
import { openOutbox } from '../src/data/outbox.ts'
import { readSession } from '../src/data/session-store.ts'
import { startLanguage } from '../src/i18n/language.ts'
import type { MediaAddresses, PlayerMedia } from '../src/player/player-media.ts'
import { appUploads } from '../src/uploads/app-uploads.ts'

// A page with the elements of the client and its data layer, but without its screens. A test signs in by writing the
// session, and calls `mediaPage`.

const mediaPage = {
  composed: [] as Composed[],
  ended: [] as unknown[],
  renewals: 0,
  /** Shows the composer. */
  async compose(): Promise<void> {
    await import('../src/composer/moblog-composer.ts')
    const composer = document.createElement('moblog-composer')
    composer.addEventListener('moblog-composed', (event) => {
      mediaPage.composed.push((event as CustomEvent<Composed>).detail)
    })
    document.body.replaceChildren(composer)
  },
  /** Shows a player. With `renewed`, these addresses are its new ones; otherwise the API is asked. */
  async show(media: PlayerMedia, renewed?: MediaAddresses | null): Promise<void> {
    await import('../src/player/moblog-player.ts')
    const player = document.createElement('moblog-player')
    player.media = media
    if (renewed !== undefined)
      player.renew = async () => {
        mediaPage.renewals += 1
        return renewed
      }
    player.addEventListener('moblog-access-ended', (event) =>
      mediaPage.ended.push((event as CustomEvent).detail),
    )
    document.body.append(player)
  },
  /** Gives the first player other addresses, as a list does that is read again. */
  take(media: PlayerMedia): void {
    const shown = player(0)
    if (shown) shown.media = media
  },
  /** Shows photos, in the gallery that is shown already if there is one. */
  async showPhotos(...photos: PlayerMedia[]): Promise<void> {
    await import('../src/player/moblog-gallery.ts')
    const shown = document.querySelector('moblog-gallery')
    const gallery = shown ?? document.createElement('moblog-gallery')
    gallery.items = photos
    if (!shown) document.body.append(gallery)
  },
  clear: () => document.body.replaceChildren(),
  element: (index = 0) =>
    document.querySelectorAll('moblog-player')[index]?.shadowRoot?.querySelector('video, audio'),
  /** What the player at an index is doing. */
  playing(index = 0) {
    const element = mediaPage.element(index)
    if (!(element instanceof HTMLMediaElement)) return null
    const { currentTime, paused, currentSrc, videoWidth = 0 } = element as HTMLVideoElement
    const frames =
      element instanceof HTMLVideoElement ? element.getVideoPlaybackQuality().totalVideoFrames : 0
    return { currentTime, paused, currentSrc, videoWidth, frames }
  },
  uploads: () =>
    appUploads().list.map(({ id, name, state, progress, sentBytes, mediaId, failure }) => {
      return { id, name, state, progress, sentBytes, mediaId, failure }
    }),
  async addFile(base64: string, name: string): Promise<void> {
    const blob = await (await fetch(`data:video/mp4;base64,${base64}`)).blob()
    appUploads().add(new File([blob], name, { type: 'video/mp4' }))
  },
  setRecorder(attribute: string, value: string): void {
    recorder()?.setAttribute(attribute, value)
  },
  /** What happens to a page when another app takes the camera; `isTold`: whether the browser tells the page. */
  loseCamera(isTold = true): void {
    const stream = recorder()?.shadowRoot?.querySelector('video')?.srcObject
    if (!(stream instanceof MediaStream)) throw new Error('nothing is recorded')
    for (const track of stream.getTracks()) {
      track.stop()
      if (isTold) track.dispatchEvent(new Event('ended'))
    }
  },
  play: (index: number) => player(index)?.play(),
  seek(seconds: number): void {
    const shown = player(0)
    if (shown) shown.currentTime = seconds
  },
  /** Waits until the player shows a text, and returns when that was. */
  async shownAt(text: string): Promise<number> {
    while (!player(0)?.shadowRoot?.querySelector('.notice:not([hidden])')?.textContent?.includes(text))
      await new Promise((resolve) => setTimeout(resolve, 10))
    return Date.now()
  },
  focus: () => player(0)?.shadowRoot?.querySelector<HTMLElement>('.player')?.focus(),
  /** Watches the player for some milliseconds, and returns the longest time in which its position did not move. */
  async longestGap(watchMs: number): Promise<{ longest: number; position: number; renewals: number }> {
    const [position, longest] = [() => mediaPage.playing()?.currentTime ?? 0, { ms: 0 }]
    let last = { position: position(), at: performance.now() }
    for (const end = performance.now() + watchMs; performance.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (position() <= last.position) continue
      longest.ms = Math.max(longest.ms, performance.now() - last.at)
      last = { position: position(), at: performance.now() }
    }
    return { longest: longest.ms, position: last.position, renewals: mediaPage.renewals }
  },
}

const player = (index: number) => document.querySelectorAll('moblog-player')[index]
const recorder = () =>
  document.querySelector('moblog-composer')?.shadowRoot?.querySelector('moblog-recorder') ?? null

/** What a test calls in the page. */
export type MediaPage = typeof mediaPage

startLanguage()
const session = readSession()
if (session) {
  openClient(session.userId, openOutbox(session.userId), () => {})
  document.addEventListener('moblog-renew', answerRenewal)
  followPendingPosts()
}
Object.assign(globalThis, { mediaPage })
