import { askRenewal } from './ask-renewal.ts'
import { awaitMade } from './await-made.ts'
import { type CaptionsMenu, createCaptionsMenu } from './captions-menu.ts'
import { clockTime } from './clock-time.ts'
import { ICONS } from './icons.ts'
import { showInSession, showPosition } from './media-session.ts'
import './moblog-gallery.ts'
import { pause } from './pause.ts'
import { drawPlaceholder } from './placeholder.ts'
import { playOne } from './play-one.ts'
import { createPlayback, type Notice, type Playback } from './playback.ts'
import { keyAction } from './player-keys.ts'
import { type MediaAddresses, mediaFromMarkup, type PlayerMedia, type Renew } from './player-media.ts'
import { type PlayerParts, playerParts } from './player-shadow.ts'
import { DownloadRefused } from './refusal.ts'
import { isUsedUp } from './renewal-time.ts'
import { noteFresh, serverTime } from './server-clock.ts'
import { fileOf, hasOriginal, isBeingMade } from './sources.ts'
import { barsOf, wavePath } from './waveform.ts'
import { type PlayerWords, wordsFor } from './words.ts'

const CALM_AFTER_MS = 2_500
const BARS = 100

/**
 * Plays audio and video and shows images (docs/clients.md, Custom elements). It is plain DOM without a library, so that
 * any page can use it.
 */
export class MoblogPlayer extends HTMLElement {
  /** Returns new addresses. If it is not set, the event `moblog-renew` asks for them. */
  renew: Renew | null = null
  /** Whether the media belongs to the viewer, who cannot lose the right to play it. Otherwise this is checked while it plays. */
  isOwn = false
  #label: string | null = null
  #media: PlayerMedia | null = null
  #parts: PlayerParts | null = null
  #playback: Playback | null = null
  #captions: CaptionsMenu | null = null
  #offered = ''
  #knowsCaptions = false
  /** Ends when another media file is shown. */
  #shown = new AbortController()
  #connected: AbortController | null = null
  #downloaded: string | null = null
  #tellPlaying = () => {}
  #calm: ReturnType<typeof setTimeout> | undefined
  #notice: Notice = 'NONE'
  /** Whether the controls of the operating system show this player. */
  #isInSession = false
  // Whether the user has asked to play media of which nothing is made yet.
  #playsWhenMade = false

  get media(): PlayerMedia | null {
    return this.#media
  }

  set media(media: PlayerMedia | null) {
    const before = this.#media
    this.#media = media
    if (!this.#connected) return
    // The same media with new addresses goes on playing.
    const isFresh = this.#parts?.player.classList.contains('fresh') ?? true
    const getsPicture = isFresh && before && media && hasNewPicture(before, media)
    if (before && media?.access && before.id === media.id && this.#playback && !getsPicture) {
      this.#playback.take(media.access)
      if (media.access.captions !== undefined) this.#offerCaptions(media.access)
      return
    }
    if (before?.id === media?.id) this.#renderAndPlay()
    else this.#render()
  }

  /** What the media shows, for readers of the screen. */
  get label(): string | null {
    return this.#label
  }

  set label(label: string | null) {
    this.#label = label
    if (this.#parts) this.#name(this.#parts, wordsFor(this))
  }

  connectedCallback(): void {
    this.#media ??= mediaFromMarkup(this)
    this.#connected = new AbortController()
    const { signal } = this.#connected
    const onOther = () => {
      // Its own `pause` event comes later, when the other one is in the controls of the operating system.
      this.#isInSession = false
      this.pause()
    }
    this.#tellPlaying = playOne(this, onOther, signal)
    document.addEventListener('fullscreenchange', () => this.#update(), { signal })
    this.#render()
  }

  disconnectedCallback(): void {
    this.#connected?.abort()
    this.#connected = null
    this.#clear()
  }

  /** Plays, or does so as soon as there is something to play. */
  async play(): Promise<void> {
    if (this.#playback) await this.#playback.play()
    else this.#setPlaysWhenMade(true)
  }

  pause(): void {
    if (this.#playback) this.#playback.pause()
    else this.#setPlaysWhenMade(false)
  }

  get paused(): boolean {
    return this.#playback?.element.paused ?? true
  }

  get currentTime(): number {
    return this.#playback?.element.currentTime ?? 0
  }

  set currentTime(seconds: number) {
    if (!this.#playback) return
    this.#playback.element.currentTime = seconds
    // Before anything is loaded, the element tells nobody.
    this.#showTime(seconds)
  }

  #clear(): void {
    clearTimeout(this.#calm)
    this.#leaveSession()
    this.#playsWhenMade = false
    this.#shown.abort()
    this.#shown = new AbortController()
    this.#playback?.stop()
    this.#captions?.stop()
    this.#playback = null
    this.#captions = null
    if (this.#downloaded) URL.revokeObjectURL(this.#downloaded)
    this.#downloaded = null
  }

  #render(): void {
    this.#clear()
    const media = this.#media
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    if (!media || media.kind === 'IMAGE') {
      this.#parts = null
      root.replaceChildren()
      if (media) this.#showImage(root, media)
      return
    }
    const parts = playerParts(root)
    const words = wordsFor(this)
    this.#parts = parts
    this.#dress(parts, media, words)
    this.#listen(parts)
    if (!media.access) {
      this.#showNotice('ENDED')
      return
    }
    if (isBeingMade(media, media.access)) void this.#awaitMade(media)
    else this.#prepare(parts, media, media.access)
  }

  /** Says calmly that there is nothing to play yet, and shows the media as soon as there is. */
  async #awaitMade(media: PlayerMedia): Promise<void> {
    const { signal } = this.#shown
    this.#showNotice('PREPARING')
    try {
      const made = await awaitMade(
        () => this.#renewal()(media.id),
        (addresses) => !isBeingMade(media, addresses),
        (ms) => pause(ms, signal),
      )
      signal.throwIfAborted()
      if (made === 'ENDED') this.#showNotice('ENDED')
      else if (made === 'TOO_LONG') this.#showNotice('FAILED')
      else {
        this.#media = { ...media, access: made.addresses }
        this.#renderAndPlay()
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  /** Renders the same media again, and plays it if the user has asked for that. */
  #renderAndPlay(): void {
    const plays = this.#playsWhenMade
    const hadFocus = this.shadowRoot?.activeElement != null
    this.#render()
    if (hadFocus) this.#parts?.player.focus({ preventScroll: true })
    if (plays) void this.play()
  }

  #setPlaysWhenMade(plays: boolean): void {
    if (this.#notice !== 'PREPARING' || this.#playback) return
    this.#playsWhenMade = plays
    this.#showNotice('PREPARING')
  }

  #prepare(parts: PlayerParts, media: PlayerMedia, addresses: MediaAddresses): void {
    this.#playback = createPlayback({
      mediaId: media.id,
      addresses,
      hasOriginal: (current) => hasOriginal(this.#media ?? media, current),
      createElement: () => this.#createElement(media),
      renew: () => this.#renewal(),
      isWatched: () => !this.isOwn && document.visibilityState === 'visible',
      onElement: () => this.#update(),
      onNotice: (notice) => this.#showNotice(notice),
    })
    parts.poster.after(this.#playback.element)
    this.#showNotice('NONE')
    this.#captions = createCaptionsMenu(parts, wordsFor(this).noCaptions, () =>
      this.#showTime(this.currentTime),
    )
    this.#offered = ''
    this.#knowsCaptions = addresses.captions !== undefined
    this.#offerCaptions(addresses)
    this.#update()
  }

  /** Asks for the captions when the media begins to play, if the addresses do not say which there are: lists leave them out. */
  async #findCaptions(): Promise<void> {
    const [media, { signal }] = [this.#media, this.#shown]
    if (!media || this.#knowsCaptions) return
    this.#knowsCaptions = true
    try {
      const addresses = await this.#renewal()(media.id)
      if (addresses && !signal.aborted) this.#offerCaptions(addresses)
    } catch {
      // Nobody renews addresses here, or the connection is lost. The next time that it plays asks again.
      this.#knowsCaptions = false
    }
  }

  /** Shows which captions there are. The choice of the viewer stays if they are the same with new addresses. */
  #offerCaptions({ captions }: MediaAddresses): void {
    const offered = (captions ?? []).map(({ language, label }) => `${language} ${label}`).join('\n')
    if (offered === this.#offered) return
    this.#offered = offered
    // The playback has new addresses when the first ones have expired.
    this.#captions?.offer(captions ?? [], () => this.#playback?.addresses.captions ?? [])
  }

  #showImage(root: ShadowRoot, media: PlayerMedia): void {
    const gallery = document.createElement('moblog-gallery')
    if (this.#label) gallery.setAttribute('aria-label', this.#label)
    gallery.items = [media]
    root.append(gallery)
  }

  #createElement(media: PlayerMedia): HTMLMediaElement {
    const element = document.createElement(media.kind === 'AUDIO' ? 'audio' : 'video')
    element.preload = 'none'
    element.className = 'layer'
    element.setAttribute('playsinline', '')
    // The controls of the player are around it, so it is nothing of its own for readers of the screen.
    element.setAttribute('aria-hidden', 'true')
    element.tabIndex = -1
    return element
  }

  #renewal(): Renew {
    return this.renew ?? ((mediaId) => askRenewal(this, mediaId))
  }

  #dress(parts: PlayerParts, media: PlayerMedia, words: PlayerWords): void {
    const isAudio = media.kind === 'AUDIO'
    parts.player.classList.add(isAudio ? 'audio' : 'video')
    parts.player.classList.add('fresh')
    if (!isAudio && media.width && media.height)
      parts.player.style.setProperty('--ratio', String(media.width / media.height))
    if (!isAudio) parts.frame.style.setProperty('--around', media.dominantColor ?? '#0c0a09')
    if (!isAudio && media.placeholder) {
      for (const canvas of [parts.placeholder, parts.around]) {
        canvas.hidden = false
        drawPlaceholder(canvas, media.placeholder)
      }
    }
    if (!isAudio && media.access?.posterUrl) {
      parts.poster.addEventListener('load', () => {
        parts.poster.hidden = false
      })
      void this.#showPoster(parts.poster, media.id, media.access)
    }
    if (media.durationSeconds) {
      parts.duration.textContent = clockTime(media.durationSeconds)
      parts.duration.hidden = isAudio
      parts.slider.max = String(media.durationSeconds)
      parts.time.textContent = clockTime(media.durationSeconds)
    }
    const bars = barsOf(media.waveform ?? [], BARS)
    parts.player.classList.toggle('waved', bars.length > 0)
    for (const wave of parts.waves) {
      wave.toggleAttribute('hidden', bars.length === 0)
      wave.setAttribute('viewBox', `0 0 ${bars.length} 100`)
      wave.querySelector('path')?.setAttribute('d', wavePath(bars))
    }
    parts.fullscreen.hidden =
      isAudio ||
      !('requestFullscreen' in parts.player || 'webkitEnterFullscreen' in HTMLVideoElement.prototype)
    this.#name(parts, words)
  }

  /** Shows the poster, with a new address if that of the list has expired. */
  async #showPoster(poster: HTMLImageElement, mediaId: string, access: MediaAddresses): Promise<void> {
    const { signal } = this.#shown
    const isExpired = navigator.onLine && isUsedUp(access.expiresAt, serverTime())
    const current = isExpired ? await this.#renewal()(mediaId).then(noteFresh, () => access) : access
    if (current?.posterUrl && !signal.aborted) poster.src = current.posterUrl
    if (isExpired && current && !signal.aborted) this.#playback?.take(current)
  }

  #name(parts: PlayerParts, words: PlayerWords): void {
    const { altText, kind, title } = this.#media ?? {}
    const name = this.#label || altText || title || (kind === 'AUDIO' ? words.audio : words.video)
    parts.player.setAttribute('aria-label', name)
    parts.slider.setAttribute('aria-label', words.position)
    parts.captionsMenu.setAttribute('aria-label', words.captions)
    for (const [part, word] of [
      [parts.download, words.download],
      [parts.progress, words.downloading],
      [parts.playDownload, words.playDownload],
      [parts.big, words.play],
    ] as const)
      part.setAttribute('aria-label', word + words.colon + name)
  }

  #listen(parts: PlayerParts): void {
    const actions: Record<string, () => void> = {
      toggle: () => this.#toggle(),
      retry: () => this.#retry(),
      download: () => void this.#download(),
      playDownload: () => void this.#playDownload(),
      mute: () => this.#toggleMute(),
      fullscreen: () => void this.#toggleFullscreen(),
    }
    parts.player.addEventListener('click', (event) => {
      const target = event.target instanceof Element ? event.target : null
      const action = target?.closest('[data-do]')?.getAttribute('data-do')
      if (action) actions[action]?.()
      else if (target?.closest('.stage') && !target.closest('.notice')) this.#toggle()
    })
    parts.slider.addEventListener('input', () => {
      this.currentTime = Number(parts.slider.value)
      if (this.#playback?.element.readyState === 0) void this.play()
    })
    parts.player.addEventListener('keydown', (event) => this.#onKey(event))
    for (const name of ['pointermove', 'pointerdown', 'focusin'])
      parts.player.addEventListener(name, () => this.#stir())
    // Media events do not bubble, but they pass here on their way down. The element may change while it plays.
    for (const name of [
      'play',
      'playing',
      'pause',
      'ended',
      'seeking',
      'timeupdate',
      'durationchange',
      'volumechange',
    ]) {
      parts.stage.addEventListener(name, (event) => this.#onMediaEvent(name, event.target), { capture: true })
    }
  }

  #onMediaEvent(name: string, target: EventTarget | null): void {
    const element = this.#playback?.element
    if (!element || target !== element) return
    if (name === 'play') {
      this.#tellPlaying()
      this.#showInSession()
      void this.#findCaptions()
      this.#parts?.player.classList.remove('fresh')
    }
    // A film may also pause by itself: at its end, or because something else plays.
    if (name === 'play' || name === 'pause') this.#stir()
    if (name === 'playing' && this.#parts) {
      this.#parts.poster.hidden = true
      this.#parts.placeholder.hidden = true
    }
    if (name !== 'timeupdate') {
      if (this.#isInSession) showPosition(element)
      this.#update()
    }
    this.#showTime(element.currentTime)
  }

  #showInSession(): void {
    const media = this.#media
    this.#isInSession = true
    showInSession({
      title: this.#label || media?.title || '',
      artist: this.getAttribute('artist') ?? '',
      artwork: media?.access?.posterUrl ?? null,
      play: () => void this.play(),
      pause: () => this.pause(),
      seekBy: (seconds) => this.#seekBy(seconds),
      seekTo: (seconds) => {
        this.currentTime = seconds
      },
    })
  }

  #leaveSession(): void {
    if (this.#isInSession) showInSession(null)
    this.#isInSession = false
  }

  #update(): void {
    const parts = this.#parts
    const element = this.#playback?.element
    if (!parts || !element) return
    const words = wordsFor(this)
    const plays = !element.paused && !element.ended
    parts.big.innerHTML = plays ? ICONS.pause : ICONS.play
    parts.small.innerHTML = plays ? ICONS.pause : ICONS.play
    const label = (plays ? words.pause : words.play) + words.colon + parts.player.getAttribute('aria-label')
    parts.small.setAttribute('aria-label', label)
    const isFresh = parts.player.classList.contains('fresh')
    parts.big.hidden = plays && !isFresh
    // As soon as the bar is shown, its button is the one for the keyboard and for readers of the screen.
    parts.big.setAttribute('aria-hidden', String(!isFresh))
    parts.big.tabIndex = isFresh ? 0 : -1
    parts.duration.hidden = parts.duration.hidden || !isFresh
    parts.mute.innerHTML = element.muted ? ICONS.muted : ICONS.sound
    parts.mute.setAttribute('aria-label', element.muted ? words.unmute : words.mute)
    parts.mute.classList.toggle('on', element.muted)
    const isFull = this.shadowRoot?.fullscreenElement === parts.player
    parts.fullscreen.innerHTML = isFull ? ICONS.smaller : ICONS.larger
    parts.fullscreen.setAttribute('aria-label', isFull ? words.leaveFullscreen : words.fullscreen)
    if (Number.isFinite(element.duration) && element.duration > 0) parts.slider.max = String(element.duration)
  }

  #showTime(position: number): void {
    const parts = this.#parts
    if (!parts) return
    const total = Number(parts.slider.max)
    parts.slider.value = String(position)
    parts.slider.setAttribute(
      'aria-valuetext',
      `${clockTime(position)} ${wordsFor(this).of} ${clockTime(total)}`,
    )
    parts.seek.style.setProperty('--done', `${total > 0 ? (100 * position) / total : 0}%`)
    parts.time.textContent = total > 0 ? `${clockTime(position)} / ${clockTime(total)}` : clockTime(position)
    const text = this.#captions?.textAt(position) ?? null
    parts.cue.hidden = text === null
    if (text !== null) parts.cueText.textContent = text
  }

  #showNotice(notice: Notice): void {
    const parts = this.#parts
    if (!parts) return
    const words = wordsFor(this)
    // Nothing of the media is made yet. Otherwise, the playback waits, and goes on by itself.
    const awaits = notice === 'PREPARING' && !this.#playback
    const texts: Record<Notice, string> = {
      NONE: '',
      PREPARING: this.#playsWhenMade ? words.playsSoon : words.preparing,
      CHECKING: words.checking,
      OFFLINE: words.offline,
      REFUSED: words.ended,
      ENDED: words.ended,
      EXPIRED: words.expired,
      FAILED: words.failed,
    }
    const hadEnded = this.#notice === 'ENDED' || this.#notice === 'EXPIRED'
    this.#notice = notice
    parts.notice.hidden = notice === 'NONE'
    parts.noticeText.textContent = texts[notice]
    parts.answer.hidden = notice !== 'FAILED' && !awaits
    parts.answer.dataset.do = awaits ? 'toggle' : 'retry'
    parts.answer.textContent = !awaits
      ? words.tryAgain
      : this.#playsWhenMade
        ? words.doNotPlay
        : words.playWhenMade
    const isOver = notice === 'ENDED' || notice === 'EXPIRED'
    parts.player.classList.toggle('noticed', notice !== 'NONE')
    parts.player.classList.toggle('preparing', notice === 'PREPARING')
    for (const control of [parts.big, parts.small, parts.slider, parts.download, parts.playDownload])
      control.toggleAttribute('disabled', isOver || notice === 'PREPARING')
    if (!isOver || hadEnded) return
    this.#leaveSession()
    parts.poster.hidden = true
    parts.big.hidden = true
    const detail = { mediaId: this.#media?.id ?? '', reason: notice }
    this.dispatchEvent(new CustomEvent('moblog-access-ended', { detail, bubbles: true, composed: true }))
  }

  #toggle(): void {
    const rests = this.#playback ? this.paused : !this.#playsWhenMade
    if (rests) void this.play()
    else this.pause()
  }

  #seekBy(seconds: number): void {
    const element = this.#playback?.element
    if (!element) return
    const end = Number.isFinite(element.duration) ? element.duration : Number.POSITIVE_INFINITY
    element.currentTime = Math.min(end, Math.max(0, element.currentTime + seconds))
  }

  #toggleMute(): void {
    const element = this.#playback?.element
    if (element) element.muted = !element.muted
  }

  async #toggleFullscreen(): Promise<void> {
    const [parts, element] = [this.#parts, this.#playback?.element]
    if (!parts || !element || parts.fullscreen.hidden) return
    if (document.fullscreenElement) return document.exitFullscreen()
    if ('requestFullscreen' in parts.player) return parts.player.requestFullscreen()
    // Phones with iOS show only the element itself on the full screen.
    if ('webkitEnterFullscreen' in element && typeof element.webkitEnterFullscreen === 'function')
      element.webkitEnterFullscreen()
  }

  #retry(): void {
    if (this.#playback) void this.#playback.retry()
    else this.#render()
  }

  async #download(): Promise<void> {
    const [parts, playback] = [this.#parts, this.#playback]
    if (!parts || !playback || !this.#connected) return
    const hadFocus = this.shadowRoot?.activeElement === parts.download
    parts.download.hidden = true
    parts.progress.hidden = false
    parts.progress.removeAttribute('value')
    try {
      // Few of those who play something download it.
      const { downloadFile } = await import('./download.ts')
      const blob = await downloadFile(
        () => fileOf(playback.addresses),
        ({ received, total }) => {
          if (total !== null) parts.progress.max = total
          if (total !== null) parts.progress.value = received
        },
        this.#connected.signal,
      )
      this.#downloaded = URL.createObjectURL(blob)
      parts.playDownload.hidden = false
      if (hadFocus) parts.playDownload.focus({ preventScroll: true })
      const detail = { mediaId: this.#media?.id ?? '', blob }
      this.dispatchEvent(new CustomEvent('moblog-downloaded', { detail, bubbles: true, composed: true }))
    } catch (error) {
      parts.download.hidden = false
      if (error instanceof DownloadRefused) await playback.refused()
      else if (this.#connected) this.#showNotice('FAILED')
    } finally {
      parts.progress.hidden = true
    }
  }

  async #playDownload(): Promise<void> {
    if (this.#downloaded) await this.#playback?.playFile(this.#downloaded)
  }

  #onKey(event: KeyboardEvent): void {
    // Letters choose from the menu.
    if (event.target instanceof HTMLSelectElement) return
    const onControl = event.target !== this.#parts?.player
    const action = keyAction(event.key, event.ctrlKey || event.metaKey || event.altKey, onControl)
    if (!action) return
    event.preventDefault()
    this.#stir()
    if (action.kind === 'TOGGLE') this.#toggle()
    else if (action.kind === 'MUTE') this.#toggleMute()
    else if (action.kind === 'FULLSCREEN') void this.#toggleFullscreen()
    else if (action.kind === 'CAPTIONS') this.#captions?.next()
    else if (action.kind === 'SEEK_BY') this.#seekBy(action.seconds)
    else this.currentTime = action.share * Number(this.#parts?.slider.max ?? 0)
  }

  /** Shows the controls, and hides them again while a film plays. */
  #stir(): void {
    clearTimeout(this.#calm)
    const player = this.#parts?.player
    player?.classList.remove('calm')
    if (this.#media?.kind === 'AUDIO') return
    this.#calm = setTimeout(() => {
      const hasFocus = this.#parts?.player.querySelector('.bar :focus-visible')
      if (!this.paused && !hasFocus) player?.classList.add('calm')
    }, CALM_AFTER_MS)
  }
}

function hasNewPicture(before: PlayerMedia, now: PlayerMedia): boolean {
  return (
    before.placeholder !== now.placeholder || (!before.access?.posterUrl && Boolean(now.access?.posterUrl))
  )
}

customElements.define('moblog-player', MoblogPlayer)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-player': MoblogPlayer
  }
}
