import { MOST_ATTEMPTS, waitBefore } from './await-made.ts'
import type { HlsStream } from './hls-stream.ts'
import { pause } from './pause.ts'
import type { MediaAddresses, Renew } from './player-media.ts'
import { probe, type Trouble } from './refusal.ts'
import { isUsedUp, renewalDelay } from './renewal-time.ts'
import { noteFresh, serverTime } from './server-clock.ts'
import { type Source, sourcesOf } from './sources.ts'
import { release, switchAddress, switchInPlace } from './switch-address.ts'
import { watchAccess } from './watch-access.ts'

/**
 * What the viewer is told: nothing, or why the media does not play. After `REFUSED`, which says the same as `ENDED`, it
 * still goes on if new addresses arrive.
 */
export type Notice =
  | 'NONE'
  | 'PREPARING'
  | 'CHECKING'
  | 'OFFLINE'
  | 'REFUSED'
  | 'ENDED'
  | 'EXPIRED'
  | 'FAILED'

/** What a player gives to its playback. */
export type PlaybackDeps = {
  mediaId: string
  addresses: MediaAddresses
  /** Whether there are bytes at `url` of some addresses. */
  hasOriginal(addresses: MediaAddresses): boolean
  /** Creates an empty audio or video element. */
  createElement(): HTMLMediaElement
  /** Null if nobody can renew addresses. */
  renew(): Renew | null
  /** Whether the viewer may lose the right to play the media, and would see that now. */
  isWatched(): boolean
  onElement(element: HTMLMediaElement): void
  onNotice(notice: Notice): void
}

/** The playback of one media file: its element, its source, and what happens if the source stops working. */
export type Playback = {
  readonly element: HTMLMediaElement
  readonly addresses: MediaAddresses
  play(): Promise<void>
  pause(): void
  /** Plays a file of this device from now on. */
  playFile(url: string): Promise<void>
  /** Takes new addresses that somebody else has asked for. */
  take(addresses: MediaAddresses): void
  /** Handles a refusal that another request of the player has met, such as a download. */
  refused(): Promise<void>
  retry(): Promise<void>
  stop(): void
}

/** The explanation has to be there within a second, also if the answer about new addresses takes longer. */
const EXPLAIN_AFTER_MS = 400
const STALLED_AFTER_MS = 300
/** So often the same source is asked for again while there is another one. */
const DELAYS_OF_SOURCE = 3

export function createPlayback(deps: PlaybackDeps): Playback {
  const stopped = new AbortController()
  let element = deps.createElement()
  let { addresses } = deps
  let source: Source | null = null
  let stream: HlsStream | null = null
  let failedSources = 0
  let renewedAt = Number.NEGATIVE_INFINITY
  let renewal: ReturnType<typeof setTimeout> | undefined
  let recovering: Promise<void> | null = null
  // Refusals since something has last played: addresses that are refused as soon as they are new are not renewed again.
  let refusals = 0
  // How often bytes were not there yet since something has last played.
  let delays = 0
  let isWaiting = false
  let shown: Notice = 'NONE'
  // Paused while it waited, so that nothing is loaded.
  let hasStopped = false
  let hasEnded = false
  let isLocal = false
  // Whether it should go on after trouble: some browsers pause an element whose source has failed.
  let wanted = false

  const sources = () => {
    const playsHls = element.canPlayType('application/vnd.apple.mpegurl') !== ''
    const hasMediaSource = 'MediaSource' in globalThis || 'ManagedMediaSource' in globalThis
    const abilities = { playsHls, hasMediaSource }
    return sourcesOf(addresses, abilities, deps.hasOriginal(addresses)).slice(failedSources)
  }

  async function open(): Promise<void> {
    const [best] = sources()
    if (!best) return tell('FAILED')
    source = best
    const at = element.currentTime
    if (best.kind !== 'HLS_JS') {
      element.src = best.url
      if (at > 0) element.currentTime = at
      return
    }
    try {
      const { playWithHls } = await import('./hls-stream.ts')
      stream = await playWithHls(element, best.url, at, (trouble, waitMs) => void onTrouble(trouble, waitMs))
      if (stopped.signal.aborted) stream.stop()
    } catch {
      await tryNextSource()
    }
  }

  const tryNextSource = () => openFrom(failedSources + 1)

  /** Continues with the best source after those that have failed. */
  async function openFrom(failed: number): Promise<void> {
    stream?.stop()
    stream = null
    failedSources = failed
    await open()
    if (wanted && source) await start()
  }

  const start = () =>
    element.play().catch((error: unknown) => {
      // The browser waits for a tap, or another call has taken over.
      if (!(error instanceof DOMException)) throw error
      noteRefusedStart(error)
    })

  /** Offers the play button again, in place of a notice, if the browser plays only after a tap. */
  function noteRefusedStart(error: unknown): void {
    if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || hasEnded) return
    wanted = false
    clearNotice()
  }

  async function play(): Promise<void> {
    if (hasEnded) return
    if (!recovering && !isLocal) {
      // The tap is another attempt, like that of the button in the notice.
      if (shown === 'FAILED' || shown === 'OFFLINE') return retry()
      clearNotice()
    }
    if (!isLocal && isUsedUp(addresses.expiresAt, serverTime())) await renewNow()
    if (hasEnded) return
    // Newer addresses may have come while it was paused.
    await continueWith(addresses)
    if (!source && !isLocal) {
      const opened = open()
      // hls.js loads for a while. The element is asked to play at once, while the tap still counts.
      if (source) void start()
      await opened
    }
    schedule()
    if (!hasStopped) return start()
    hasStopped = false
    wanted = true
    await reload()
    if (stream) await start()
  }

  function schedule(): void {
    clearTimeout(renewal)
    if (hasEnded || isLocal || !deps.renew()) return
    const delay = renewalDelay(addresses.expiresAt, serverTime(), performance.now() - renewedAt)
    if (delay === null) return
    // A timer takes at most 2^31 milliseconds.
    renewal = setTimeout(() => void renewOnTime(), Math.min(delay, 2 ** 31 - 1))
  }

  async function renewOnTime(): Promise<void> {
    // Nobody needs new addresses of media that rests. The next start renews them.
    if (element.paused) return
    await renewNow()
    schedule()
  }

  /** Asks for new addresses and continues with them. */
  async function renewNow(): Promise<'RENEWED' | 'ENDED' | 'UNKNOWN'> {
    const renew = deps.renew()
    if (!renew) return 'UNKNOWN'
    renewedAt = performance.now()
    try {
      const next = noteFresh(await renew(deps.mediaId))
      if (stopped.signal.aborted) return 'UNKNOWN'
      if (next === null) {
        end('ENDED')
        return 'ENDED'
      }
      await continueWith(next)
      return 'RENEWED'
    } catch {
      return 'UNKNOWN'
    }
  }

  async function continueWith(next: MediaAddresses): Promise<void> {
    const before = source
    addresses = next
    if (!before || isLocal) return
    const same = sources().find(({ kind }) => kind === before.kind)
    if (!same || same.url === before.url) return
    source = same
    if (stream) return stream.renew(same.url)
    const switched = await switchAddress(element, same.url, deps.createElement)
    if (switched !== element) adopt(switched)
  }

  function adopt(next: HTMLMediaElement): void {
    element = next
    listen()
    deps.onElement(next)
  }

  function onTrouble(trouble: Trouble | 'BROKEN', retryAfterMs = 0): Promise<void> {
    recovering ??= recover(trouble, retryAfterMs).finally(() => {
      recovering = null
    })
    return recovering
  }

  async function recover(trouble: Trouble | 'BROKEN', retryAfterMs: number): Promise<void> {
    if (hasEnded || isLocal || stopped.signal.aborted) return
    if (trouble === 'REFUSED') return refused()
    if (trouble === 'OFFLINE' && !navigator.onLine) {
      tell('OFFLINE')
      await Promise.race([heard(window, 'online'), heard(stopped.signal, 'abort')])
      tell('NONE')
      return reload()
    }
    const hasOther = sources().length > 1
    if (trouble === 'LATER' && !(hasOther && delays >= DELAYS_OF_SOURCE)) return waitForBytes(retryAfterMs)
    if (hasOther) return tryNextSource()
    // The browser does not play the stream, and the file that it could play is not made yet.
    if (trouble === 'BROKEN' && isUnfinished()) return waitForBytes(0, 'FILE')
    tell('FAILED')
  }

  const isUnfinished = () => !addresses.progressiveUrl && !deps.hasOriginal(addresses)

  /**
   * Tries again later, with the addresses of that time: what was not made yet may be, and in more variants. It goes on by
   * itself, as long as nobody pauses it.
   */
  async function waitForBytes(retryAfterMs: number, wants: 'ANY' | 'FILE' = 'ANY'): Promise<void> {
    if (delays >= MOST_ATTEMPTS) return tell('FAILED')
    const waitMs = Math.max(waitBefore(delays), retryAfterMs)
    delays += 1
    isWaiting = true
    tell(element.currentTime === 0 && isUnfinished() ? 'PREPARING' : 'CHECKING')
    await pause(waitMs, stopped.signal).catch(() => {})
    if (stopped.signal.aborted || hasEnded || isLocal) return
    hasStopped = !wanted
    if (!wanted) return
    await renewNow()
    if (stopped.signal.aborted || hasEnded) return
    const made = sources()
    if (made.length > 0 && made.every(({ kind }) => kind !== source?.kind)) return openFrom(0)
    if (sources().length > 1 && (wants === 'FILE' || delays > DELAYS_OF_SOURCE)) return tryNextSource()
    if (wants === 'FILE') return waitForBytes(0, 'FILE')
    // Not awaited: if it fails again, that is other trouble.
    void reload()
  }

  async function reload(): Promise<void> {
    if (stopped.signal.aborted || hasEnded) return
    if (stream) return stream.resume()
    if (source) await switchInPlace(element, source.url, wanted).catch(noteRefusedStart)
  }

  /**
   * Explains a refusal, unless new addresses work. The server gives the same answer for a token that has expired and for
   * a right that has ended, but addresses that had time left are refused only because a right has ended. This viewer may
   * still have another right, such as after the author has changed the audience, so new addresses are asked for in any case.
   */
  async function refused(): Promise<void> {
    refusals += 1
    if (refusals > 2 || !deps.renew()) return end(deps.renew() ? 'ENDED' : 'EXPIRED')
    const goesOn = wanted
    const explanation = isUsedUp(addresses.expiresAt, serverTime()) ? 'CHECKING' : 'REFUSED'
    const slow = setTimeout(() => {
      element.pause()
      tell(explanation)
    }, EXPLAIN_AFTER_MS)
    const former = source?.url
    const outcome = await renewNow()
    clearTimeout(slow)
    if (outcome === 'ENDED') return
    if (outcome === 'UNKNOWN') return navigator.onLine ? end('EXPIRED') : tell('OFFLINE')
    tell('NONE')
    if (former !== undefined && former === source?.url) return end('ENDED')
    if (stream) stream.resume()
    else if (element.error) await reload()
    if (goesOn) await start()
    schedule()
  }

  function end(notice: 'ENDED' | 'EXPIRED'): void {
    hasEnded = true
    clearTimeout(renewal)
    stream?.stop()
    stream = null
    release(element)
    tell(notice)
  }

  async function onError(): Promise<void> {
    if (!source || isLocal || stream || stopped.signal.aborted) {
      if (isLocal && element.error) tell('FAILED')
      return
    }
    const { trouble, retryAfterMs } = await probe(source.url, stopped.signal)
    await onTrouble(trouble === 'NONE' ? 'BROKEN' : trouble, retryAfterMs)
  }

  /** Finds out why nothing arrives: a browser asks for refused segments again for a long time without telling. */
  async function onWaiting(): Promise<void> {
    const waiting = element
    await new Promise((resolve) => setTimeout(resolve, STALLED_AFTER_MS))
    const stalls = waiting === element && !element.paused && element.readyState < element.HAVE_FUTURE_DATA
    if (!stalls || !source || isLocal) return
    const { trouble } = await probe(source.url, stopped.signal)
    if (trouble === 'REFUSED') await onTrouble(trouble)
  }

  function tell(notice: Notice): void {
    shown = notice
    deps.onNotice(notice)
  }

  function clearNotice(): void {
    isWaiting = false
    if (shown !== 'NONE') tell('NONE')
  }

  const watch = watchAccess({
    address: () => {
      const mayLose = addresses.expiresAt && !isLocal && !recovering && deps.isWatched()
      // Addresses that have expired are refused in any case.
      return mayLose && !isUsedUp(addresses.expiresAt, serverTime()) ? (source?.url ?? null) : null
    },
    plays: () => !element.paused && !element.ended && !hasEnded,
    onRefused: () => onTrouble('REFUSED'),
    signal: stopped.signal,
  })

  function listen(): void {
    const listening = element
    const on = (name: string, handler: () => void) =>
      listening.addEventListener(name, () => void (listening === element && handler()), {
        signal: stopped.signal,
      })
    on('error', () => void onError())
    on('waiting', () => void onWaiting())
    on('play', () => {
      wanted = true
    })
    on('pause', () => {
      if (!element.error) wanted = false
    })
    on('playing', () => {
      if (!hasEnded) clearNotice()
      schedule()
      watch.start()
    })
    on('timeupdate', () => {
      if (element.paused || element.currentTime === 0) return
      refusals = 0
      delays = 0
    })
  }

  /** Begins again with the best source and new addresses. */
  async function retry(): Promise<void> {
    failedSources = 0
    refusals = 0
    delays = 0
    hasEnded = false
    source = null
    stream?.stop()
    stream = null
    tell('NONE')
    await renewNow()
    await play()
  }

  listen()
  return {
    get element() {
      return element
    },
    get addresses() {
      return addresses
    },
    play,
    pause() {
      // An element whose source has failed is paused already, and says nothing.
      wanted = false
      if (isWaiting) clearNotice()
      element.pause()
    },
    async playFile(url) {
      const at = element.ended ? 0 : element.currentTime
      isLocal = true
      clearTimeout(renewal)
      stream?.stop()
      stream = null
      element.src = url
      if (at > 0) element.currentTime = at
      tell('NONE')
      await start()
    },
    take(next) {
      // Loading a paused film again would take away its picture. It goes on with these addresses when it plays.
      if (source && !stream && !wanted && !recovering) addresses = next
      else void continueWith(next).then(schedule)
    },
    refused: () => onTrouble('REFUSED'),
    retry,
    stop() {
      stopped.abort()
      clearTimeout(renewal)
      stream?.stop()
      release(element)
    },
  }
}

function heard(target: EventTarget, name: string): Promise<void> {
  return new Promise((resolve) => target.addEventListener(name, () => resolve(), { once: true }))
}
