import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { addressOf, PLACES } from '../app/routes.ts'
import { isPending } from '../data/expected-results.ts'
import type { Post } from '../data/home-feed.ts'
import { hidePost, likePost } from '../data/posts.ts'
import { countView } from '../data/seen-posts.ts'
import { controls } from '../design/controls.ts'
import { icons } from '../design/icons.ts'
import { narrowClass } from '../design/narrow.ts'
import { MoblogElement } from '../element.ts'
import { shortCount, timeUntil } from '../i18n/format.ts'
import { attempt } from './attempt.ts'
import './avatar.ts'
import { linkedText } from './linked-text.ts'
import { words } from './messages.ts'
import { OnScreen } from './on-screen.ts'
import { audienceOf } from './post-audience.ts'
import { postCardStyle } from './post-card-style.ts'
import './post-media.ts'
import { passing, time } from './time.ts'

// Short texts without media are set larger; long ones are cut in lists.
const SHORT = 90
const LONG = 420

// The posts with a content warning that the user has opened, so that they stay open on other screens too.
const opened = new Set<string>()

/**
 * A post. In a list it leads to its own screen, where it is `whole`. When it was on the screen, it counts a view and tells
 * the list with the event `moblog-post-seen`. What belongs below it goes into the slot.
 */
export class MoblogPostCard extends MoblogElement {
  static override properties = {
    post: { attribute: false },
    whole: { type: Boolean },
    isCut: { state: true },
  }
  declare post: Post | null
  declare whole: boolean
  /** Whether the card leaves out a part of the text. */
  declare isCut: boolean
  readonly #sizes = new ResizeObserver(([entry]) => this.#noteCut(entry?.target))
  #wasSeen = false

  static override styles = [controls, postCardStyle]

  constructor() {
    super()
    this.post = null
    this.whole = false
    this.isCut = false
    new OnScreen(this, () => this.#noteSeen())
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('post') && this.post?.id !== (changed.get('post') as Post | null | undefined)?.id)
      this.#wasSeen = false
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#sizes.disconnect()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.requestUpdate()
  }

  protected override updated(): void {
    this.#sizes.disconnect()
    const text = this.renderRoot.querySelector('.cut')
    if (text) this.#sizes.observe(text)
  }

  // How many lines a text has depends on how wide the card is.
  #noteCut(text: Element | undefined): void {
    if (text) this.isCut = text.scrollHeight > text.clientHeight + 1
  }

  protected override render() {
    const { post } = this
    if (!post) return nothing
    if (post.isHidden && !this.whole) return hiddenNotice(post)
    const { author } = post
    const name = author?.displayName ?? ''
    return html`
      <article aria-label=${name}>
        ${post.isHidden ? hiddenNotice(post) : nothing}
        <header>
          <a class="author" href=${addressOf({ name: 'moblog', id: author?.id ?? '' })}>
            <moblog-avatar .person=${author}></moblog-avatar>
            <span class="who">
              <strong dir="auto">${name}</strong>
              <span class="when" @click=${this.#open}>${time(post.publishedAt)} ${audienceMark(post)} ${post.editedAt ? words().edited : null}${expiryMark(post)}</span>
            </span>
          </a>
          <button type="button" class="icon-button more" aria-label=${words().moreActions} @click=${() => void offerActions(post)}>${icons.more()}</button>
        </header>
        ${this.#warning(post)} ${isCovered(post) ? nothing : this.#content(post)} ${this.#actions(post)}
        <slot></slot>
      </article>
    `
  }

  #warning({ id, contentWarning }: Post): TemplateResult | typeof nothing {
    if (contentWarning === null) return nothing
    const { cover, uncover, warning } = words()
    const isOpen = opened.has(id)
    return html`<div class="warning">
      ${icons.warning()}
      <p><span class="only-heard">${warning}</span> <span dir="auto">${contentWarning}</span></p>
      <button type="button" class="button quiet" aria-expanded=${isOpen} @click=${() => this.#turn(id)}>${isOpen ? cover : uncover}</button>
    </div>`
  }

  #turn(id: string): void {
    if (!opened.delete(id)) opened.add(id)
    this.#countView()
    this.requestUpdate()
  }

  #content(post: Post): TemplateResult {
    const { text, media } = post
    return html`${text === '' ? nothing : this.#text(post)}
    ${media.length === 0 ? nothing : html`<moblog-post-media .media=${media} .isOwn=${isOwn(post)}></moblog-post-media>`}`
  }

  #text({ id, text, entities, media }: Post): TemplateResult {
    const isLarge = media.length === 0 && text.length <= SHORT && !text.includes('\n\n')
    if (this.whole || (text.length <= LONG && text.split('\n').length <= 9)) {
      const classes = isLarge ? `text large ${narrowClass(text)}` : 'text'
      return html`<p class=${classes} dir="auto" @click=${this.#open}>${linkedText(text, entities)}</p>`
    }
    const address = addressOf({ name: 'post', id })
    return html`<p class="text cut" dir="auto" @click=${this.#open}>${linkedText(text, entities)}</p>
      ${this.isCut ? html`<a class="read-more" href=${address}>${words().readMore}</a>` : html`<div class="read"></div>`}`
  }

  // In a list, a press on the time or the text opens the post, except on its links and at the end of selecting a part of it.
  readonly #open = (event: Event) => {
    const { post, whole } = this
    const isLink = event.target instanceof Element && event.target.closest('.text a') !== null
    if (!post || whole || isPending(post.id) || isLink || document.getSelection()?.isCollapsed === false)
      return
    // The time is in the link to the author.
    event.preventDefault()
    location.hash = addressOf({ name: 'post', id: post.id })
  }

  #actions(post: Post): TemplateResult {
    const { like, likes, comment, views, waiting } = words()
    if (isPending(post.id)) {
      return html`<footer><span class="waiting" role="status">${icons.clock()} ${waiting}</span></footer>`
    }
    const { likedByViewer: isLiked, likeCount, commentCount, viewCount } = post
    const address = addressOf({ name: 'post', id: post.id })
    return html`
      <footer>
        <button
          type="button"
          class=${isLiked ? 'act liked' : 'act'}
          aria-pressed=${isLiked}
          aria-label=${likeCount > 0 ? `${like}, ${likes(likeCount)}` : like}
          @click=${() => void attempt(() => likePost(post.id, !isLiked))}
        >
          ${isLiked ? icons.heartOn() : icons.heart()} ${this.#count(likeCount)}
        </button>
        <a class="act" href=${address + PLACES.comments} aria-label=${comment(commentCount)}>
          ${icons.comment()} ${this.#count(commentCount)}
        </a>
        ${
          isOwn(post) && viewCount > 0 && !this.whole
            ? html`<button type="button" class="act views" aria-haspopup="dialog" aria-label=${views(viewCount)} @click=${() => void showViewers(post)}>${icons.eye()} ${shortCount(viewCount)}</button>`
            : nothing
        }
      </footer>
    `
  }

  // The screen of the post says in words how many there are.
  #count(count: number): string | typeof nothing {
    return count > 0 && !this.whole ? shortCount(count) : nothing
  }

  #noteSeen(): void {
    if (!this.post || isPending(this.post.id)) return
    this.#wasSeen = true
    this.#countView()
    this.tell('moblog-post-seen', this.post.id)
  }

  // Who has not opened a post with a content warning has not viewed it.
  #countView(): void {
    const { post } = this
    if (post && this.#wasSeen && !isOwn(post) && !isCovered(post)) countView(post.id)
  }
}

// Loaded when a menu or a list is opened, because nothing else needs it.
const loadActions = () => import('./post-actions.ts')

async function offerActions(post: Post): Promise<void> {
  const { offerPostActions } = await loadActions()
  await offerPostActions(post)
}

async function showViewers({ id }: Post): Promise<void> {
  const { showPeople } = await loadActions()
  showPeople('views', id)
}

const isOwn = ({ author }: Post): boolean => author?.relationship === 'SELF'
const isCovered = ({ id, contentWarning }: Post): boolean => contentWarning !== null && !opened.has(id)

function expiryMark({ expiresAt }: Post): TemplateResult | typeof nothing {
  if (expiresAt === null) return nothing
  return html`<span class="expiry">${icons.timer()} ${passing((now) => words().disappears(timeUntil(expiresAt, now)))}</span>`
}

/** Stands for a post that the viewer has hidden, and brings it back. */
function hiddenNotice({ id }: Post): TemplateResult {
  const { hidden, unhidePost } = words()
  return html`<div class="hidden-post">
    ${icons.eyeOff()}
    <p role="status">${hidden}</p>
    <button type="button" class="button quiet" @click=${() => void attempt(() => hidePost(id, false))}>${unhidePost}</button>
  </div>`
}

function audienceMark(post: Post): TemplateResult {
  const { icon, who, isShown } = audienceOf(post)
  const label = words().visibleTo(who)
  return html`<span class="audience" role="img" aria-label=${label} title=${label}>${icons[icon]()}${isShown ? html`<span dir="auto">${who}</span>` : nothing}</span>`
}

customElements.define('moblog-post-card', MoblogPostCard)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-post-card': MoblogPostCard
  }
}
