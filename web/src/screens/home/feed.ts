import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { HomePostsDocument } from '../../../../generated/graphql/web.ts'
import { addressOf, PLACES } from '../../app/routes.ts'
import '../../components/empty.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { postPlaceholders } from '../../components/placeholders.ts'
import '../../components/post-card.ts'
import { announcedPost, type FeedPost, newPostsOf } from '../../data/home-feed.ts'
import type { LiveNotification } from '../../data/live.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { markFeedSeen } from '../../data/seen-posts.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { feedStyle } from './feed-style.ts'
import { words } from './messages.ts'

// A post is in the feed moments after its notification, and those of a new friend moments after the friendship.
const READ_AGAIN_MS = 2_000
const MOST_ATTEMPTS = 3

/** The posts of the viewer and friends, newest first, with a line below those that are new since the last visit. */
class MoblogHomeFeed extends MoblogElement {
  static override properties = { arrived: { state: true } }
  /** The posts that were published while the feed is on the screen, and are not in it. */
  declare arrived: ReadonlySet<string>
  readonly #feed = new PagedQuery(
    this,
    HomePostsDocument,
    () => ({}),
    ({ feed }) => feed,
  )
  readonly #seen = new Set<string>()
  #connected: AbortController | null = null
  #firstOld: string | null = null
  #marked: string | null = null
  #awaited: ReadonlySet<string> = new Set()
  #attempts = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  static override styles = [controls, screen, feedStyle]

  constructor() {
    super()
    this.arrived = new Set()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#connected = new AbortController()
    const { signal } = this.#connected
    addEventListener('moblog-notification', this.#notice, { signal })
    const leave = () => document.visibilityState === 'hidden' && this.#markSeen(true)
    document.addEventListener('visibilitychange', leave, { signal })
    this.addEventListener('moblog-post-seen', this.#noteSeen, { signal })
  }

  override disconnectedCallback(): void {
    this.#markSeen(true)
    super.disconnectedCallback()
    this.#connected?.abort()
    clearTimeout(this.#timer)
  }

  protected override willUpdate(): void {
    // What the cache has kept knows nothing of the marks that were set since.
    const posts = this.#feed.items
    if (!posts || this.#feed.isLoading) return
    const { count, isEndKnown } = newPostsOf(posts, this.#feed.hasMore)
    this.#firstOld = count > 0 && isEndKnown ? (posts[count]?.id ?? null) : null
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed)
    this.#markSeen(false)
    this.#readAgain()
  }

  protected override render() {
    const posts = this.#feed.items
    return html`
      <div class="pill" role="status">
        ${this.arrived.size > 0 ? html`<button type="button" class="button" @click=${this.#showNew}>${icons.up()} ${words().newPosts(this.arrived.size)}</button>` : nothing}
      </div>
      <div class="page" tabindex="-1" aria-busy=${posts === null && this.#feed.isLoading}>
        ${posts === null && !this.#feed.problem ? postPlaceholders(3) : html`<moblog-unsent-posts hidden .listed=${posts} @moblog-post-answered=${() => this.#feed.refresh()}></moblog-unsent-posts>`}
        ${posts?.length === 0 ? this.#empty() : nothing}
        ${repeat(
          posts ?? [],
          ({ id }) => id,
          (post) => this.#post(post),
        )}
        ${listEnd(this.#feed)}
      </div>
    `
  }

  #post(post: FeedPost): TemplateResult {
    const card = html`<moblog-post-card .post=${post}></moblog-post-card>`
    if (post.id !== this.#firstOld) return card
    return html`<p class="line">${icons.check()} <span>${words().allSeen}</span></p>${card}`
  }

  #empty(): TemplateResult {
    const { empty, emptyText, findFriends } = words()
    void import('../discover/suggestions.ts')
    return html`<moblog-empty .heading=${empty} .text=${emptyText}><a class="button" href=${addressOf({ name: 'discover' }) + PLACES.search}>${findFriends}</a></moblog-empty>
      <moblog-suggestions></moblog-suggestions>`
  }

  readonly #notice = (event: Event) => {
    const id = announcedPost((event as CustomEvent<LiveNotification>).detail)
    if (id === null) return
    const posts = this.#feed.items
    if (posts?.some((post) => post.id === id)) return
    this.arrived = new Set([...this.arrived, id])
    // An empty feed has nothing that would move.
    if (posts?.length === 0) this.#showNew()
  }

  readonly #showNew = () => {
    this.#awaited = this.arrived
    this.#attempts = 0
    this.arrived = new Set()
    this.#feed.refresh()
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    scrollTo({ top: 0, behavior: isCalm ? 'instant' : 'smooth' })
    this.renderRoot.querySelector<HTMLElement>('.page')?.focus({ preventScroll: true })
  }

  #readAgain(): void {
    const posts = this.#feed.items
    if (!posts || this.#feed.isLoading || this.#timer !== undefined) return
    const isComplete = [...this.#awaited].every((id) => posts.some((post) => post.id === id))
    if ((isComplete && posts.length > 0) || this.#attempts >= MOST_ATTEMPTS) return
    this.#attempts += 1
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#feed.refresh()
    }, READ_AGAIN_MS)
  }

  readonly #noteSeen = (event: Event) => {
    this.#seen.add((event as CustomEvent<string>).detail)
    this.#markSeen(false)
  }

  /**
   * Marks the feed as seen up to the newest post that was on the screen. Posts that are read after that count as seen, so
   * it waits until the end of the new posts is known, or the user leaves.
   */
  #markSeen(isLeaving: boolean): void {
    const posts = this.#feed.items
    const newest = posts?.find(({ id }) => this.#seen.has(id))
    if (!posts || !newest || newest.id === this.#marked) return
    const { count, isEndKnown } = newPostsOf(posts, this.#feed.hasMore)
    if (count === 0 || this.#feed.isLoading || !(isEndKnown || isLeaving)) return
    this.#marked = newest.id
    void markFeedSeen(newest.id)
  }
}

customElements.define('moblog-home-feed', MoblogHomeFeed)
