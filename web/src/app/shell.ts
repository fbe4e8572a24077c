import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { OwnProfileDocument } from '../../../generated/graphql/web.ts'
import '../components/avatar.ts'
import { pendingKey } from '../composer/pending-key.ts'
import { receiveNotifications } from '../data/live.ts'
import { markIdsRead } from '../data/mark-read.ts'
import { unsentPosts } from '../data/outbox.ts'
import { Query } from '../data/query.ts'
import { createUploadReader, UnreadCount } from '../data/read-uploads.ts'
import { readSession } from '../data/session-store.ts'
import { controls } from '../design/controls.ts'
import { icons } from '../design/icons.ts'
import { MoblogElement } from '../element.ts'
import { followHistory } from './follow-history.ts'
import { forgetEnded } from './forget-media.ts'
import { lostNotice } from './lost-notice.ts'
import { answerRenewal } from './media-addresses.ts'
import { words } from './messages.ts'
import { addressOf, type Route, readRoute } from './routes.ts'
import { screenOf } from './screens.ts'
import { shellStyle } from './shell-style.ts'

const TOAST_MS = 4_000
// What is on the screen is loaded first, which takes some seconds over a slow connection. Posts that wait are on it.
const UPLOADS_AFTER_MS = 3_000
// Longer than marking the notification of an own upload as read takes.
const COUNT_AFTER_MS = 2_000

/** Everything around the screens: navigation, notices, and the stream of notifications. */
class MoblogShell extends MoblogElement {
  static override properties = {
    route: { state: true },
    message: { state: true },
    isOffline: { state: true },
    lost: { state: true },
  }
  declare route: Route
  declare message: { text: string; isHigh: boolean } | null
  declare isOffline: boolean
  /** The route whose screen could not be loaded. */
  declare lost: Route | null
  readonly #profile = new Query(this, OwnProfileDocument, () => ({}))
  readonly #unread = new UnreadCount()
  #connected: AbortController | null = null
  /** Where the control that the user has used last ends. */
  #usedBottom = 0
  #toastTimer: ReturnType<typeof setTimeout> | undefined
  #uploadsTimer: ReturnType<typeof setTimeout> | undefined
  #countTimer: ReturnType<typeof setTimeout> | undefined

  static override styles = [controls, shellStyle]

  constructor() {
    super()
    this.route = readRoute(location.hash)
    this.message = null
    this.isOffline = !navigator.onLine
    this.lost = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const connected = new AbortController()
    const { signal } = connected
    this.#connected = connected
    const readUpload = createUploadReader(markIdsRead)
    const stop = receiveNotifications(
      (notification) => {
        this.tell('moblog-notification', notification)
        readUpload(notification)
        this.#unread.note(notification, this.#count)
        this.#countSoon()
      },
      () => this.#countSoon(),
    )
    // Another device may have read notifications meanwhile.
    document.addEventListener('visibilitychange', () => this.#countSoon(), { signal })
    signal.addEventListener('abort', stop)
    const showConnection = () => {
      this.isOffline = !navigator.onLine
      if (!this.isOffline) this.lost = null
    }
    addEventListener('online', showConnection, { signal })
    addEventListener('offline', showConnection, { signal })
    addEventListener('resize', () => this.requestUpdate(), { signal })
    addEventListener('hashchange', () => this.#go(), { signal })
    addEventListener('moblog-toast', (event) => this.#toast(event), { signal })
    const noteUsed = (event: Event) => {
      this.#usedBottom = (event.composedPath()[0] as Element).getBoundingClientRect().bottom
    }
    addEventListener('click', noteUsed, { signal, capture: true })
    this.addEventListener('moblog-renew', answerRenewal, { signal })
    this.addEventListener('moblog-access-ended', forgetEnded, { signal })
    followHistory(signal)
    const keep = () => void import('./keep-focus.ts').then((file) => file.keepFocus(signal)).catch(() => {})
    addEventListener('focusin', keep, { signal, once: true })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#connected?.abort()
    clearTimeout(this.#uploadsTimer)
    clearTimeout(this.#countTimer)
  }

  /** Asks for the number of unread notifications, once for several reasons in a row. */
  #countSoon(): void {
    clearTimeout(this.#countTimer)
    this.#countTimer = setTimeout(() => {
      this.#unread.release()
      if (!document.hidden) this.#profile.refresh()
    }, COUNT_AFTER_MS)
  }

  get #count(): number {
    return this.#unread.of(this.#profile.data?.viewer?.notifications?.unreadCount ?? 0)
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('route')) document.title = this.#title()
    const bar = this.renderRoot.querySelector<HTMLElement>('.offline')
    // What else sticks to the top of the screen is below the bar.
    document.documentElement.style.setProperty('--bar', `${bar?.offsetHeight ?? 0}px`)
    const { data, problem } = this.#profile
    if (data || problem)
      this.#uploadsTimer ??= setTimeout(
        () => void this.#continueUploads(),
        hasWaitingPosts() || unsentPosts.size > 0 ? 0 : UPLOADS_AFTER_MS,
      )
  }

  /**
   * Continues the uploads that were unfinished when the app was closed, and the posts and the profile picture that wait for
   * them. Then deletes pictures that are of no use any more; if that fails, the next start does it.
   */
  async #continueUploads(): Promise<void> {
    const [{ followPendingPosts }] = await Promise.all([
      import('../composer/pending-posts.ts'),
      import('../composer/waiting-posts.ts'),
    ])
    followPendingPosts()
    const viewer = this.#profile.data?.viewer
    if (viewer?.notifications?.unreadCount)
      await import('../data/mark-known-uploads.ts')
        .then((file) => file.markKnownUploads(viewer.avatar?.id ?? null))
        .catch(() => {})
    await import('../screens/settings/picture-upload.ts').then(({ followPicture }) => followPicture())
    await import('./sweep-pictures.ts').then(({ sweepPictures }) => sweepPictures()).catch(() => {})
  }

  protected override render() {
    const { discover, friends, home, inbox, inboxUnread, me, navigation, offline, settings, skip, write } =
      words()
    const viewer = this.#profile.data?.viewer ?? null
    const unread = this.#count
    const badge =
      unread > 0 ? html`<span class="badge" data-count=${unread > 99 ? '99+' : unread}></span>` : null
    return html`
      <nav aria-label=${navigation}>
        <button type="button" class="skip" @click=${this.#skip}>${skip}</button>
        <span class="wide wordmark" aria-hidden="true">Moblog</span>
        ${this.#link({ name: 'home' }, home, icons.home(), icons.homeOn())}
        ${this.#link({ name: 'discover' }, discover, icons.discover(), icons.discoverOn())}
        ${this.#link({ name: 'write' }, write, icons.plus(), icons.plus(), 'write')}
        ${this.#link({ name: 'inbox' }, inbox, html`${icons.bell()}${badge}`, html`${icons.bellOn()}${badge}`, '', unread > 0 ? inboxUnread(unread) : nothing)}
        ${this.#link({ name: 'friends' }, friends, icons.people(), icons.people(), 'wide')}
        ${this.#link({ name: 'me' }, me, html`<moblog-avatar .person=${viewer}></moblog-avatar>`)}
        ${this.#link({ name: 'settings', part: null }, settings, icons.settings(), icons.settings(), 'wide')}
      </nav>
      <div class="side">
        ${this.isOffline ? html`<div class="offline" role="status">${icons.offline()} ${offline}</div>` : nothing}
        <main id="content" tabindex="-1">${this.#screen()}</main>
      </div>
      <div class=${this.message?.isHigh ? 'toast high' : 'toast'} role="status" aria-live="polite">${this.message ? html`<p>${this.message.text}</p>` : nothing}</div>
    `
  }

  #screen(): TemplateResult {
    const { route } = this
    if (this.lost === route) return lostNotice(this.#retry)
    return screenOf(route, () => {
      this.lost = route
    })
  }

  readonly #retry = () => {
    // Some browsers remember that a file could not be loaded, until the page is loaded again.
    if (navigator.onLine) location.reload()
    else this.lost = null
  }

  #link(
    to: Route,
    label: string,
    icon: TemplateResult,
    iconOn = icon,
    kind = '',
    name: string | typeof nothing = nothing,
  ): TemplateResult {
    const isCurrent = addressOf(this.route) === addressOf(to)
    return html`<a class=${kind} href=${addressOf(to)} aria-label=${name} aria-current=${isCurrent ? 'page' : nothing}>
      <span class="icon">${isCurrent ? iconOn : icon}</span><span class="label">${label}</span>
    </a>`
  }

  #title(): string {
    const { discover, friends, home, inbox, me, settings, write } = words()
    const titles: Partial<Record<Route['name'], string>> = {
      discover,
      friends,
      home,
      inbox,
      me,
      settings,
      write,
    }
    const title = this.route.name === 'tag' ? `#${this.route.id}` : titles[this.route.name]
    return title === undefined ? 'Moblog' : `${title} · Moblog`
  }

  #go(): void {
    this.route = readRoute(location.hash)
    this.renderRoot.querySelector('main')?.focus({ preventScroll: true })
  }

  readonly #skip = () => {
    this.renderRoot.querySelector('main')?.focus()
  }

  #toast(event: Event): void {
    // It must not cover the control that it is about.
    this.message = {
      text: (event as CustomEvent<string>).detail,
      isHigh: this.#usedBottom > innerHeight / 2,
    }
    clearTimeout(this.#toastTimer)
    this.#toastTimer = setTimeout(() => {
      this.message = null
    }, TOAST_MS)
  }
}

/** Whether the user has posts to see that wait for their uploads. */
const hasWaitingPosts = () => localStorage.getItem(pendingKey(readSession()?.userId ?? '')) !== null

customElements.define('moblog-shell', MoblogShell)
