import { html, nothing, type TemplateResult } from 'lit'
import type { Audience } from '../../../generated/graphql/web.ts'
import { addressOf } from '../app/routes.ts'
import { isPending } from '../data/expected-results.ts'
import type { Post } from '../data/home-feed.ts'
import { likePost } from '../data/posts.ts'
import { controls } from '../design/controls.ts'
import { icons } from '../design/icons.ts'
import { MoblogElement } from '../element.ts'
import { shortCount } from '../i18n/format.ts'
import { attempt } from './attempt.ts'
import './avatar.ts'
import { words } from './messages.ts'
import { postCardStyle } from './post-card-style.ts'
import './post-media.ts'
import { offerPostActions } from './post-actions.ts'
import { time } from './time.ts'

// Short texts without media are set larger; long ones are cut in lists.
const SHORT = 90
const LONG = 420

/** A post. In a list it leads to its own screen, where it is `whole`. */
export class MoblogPostCard extends MoblogElement {
  static override properties = { post: { attribute: false }, whole: { type: Boolean } }
  declare post: Post | null
  declare whole: boolean

  static override styles = [controls, postCardStyle]

  constructor() {
    super()
    this.post = null
    this.whole = false
  }

  protected override render() {
    const { post } = this
    if (!post) return nothing
    const { author, text, media } = post
    const name = author?.displayName ?? ''
    return html`
      <article aria-label=${name}>
        <header>
          <a class="author" href=${addressOf({ name: 'moblog', id: author?.id ?? '' })}>
            <moblog-avatar .person=${author}></moblog-avatar>
            <span class="who">
              <strong><bdi>${name}</bdi></strong>
              <span class="when">${time(post.publishedAt)} ${audienceMark(post.audience)} ${post.editedAt ? words().edited : null}</span>
            </span>
          </a>
          ${isPending(post.id) ? nothing : html`<button type="button" class="icon-button more" aria-label=${words().moreActions} @click=${() => offerPostActions(post)}>${icons.more()}</button>`}
        </header>
        ${text === '' ? nothing : this.#text(text, media.length > 0)}
        ${media.length === 0 ? nothing : html`<moblog-post-media .media=${media}></moblog-post-media>`}
        ${this.#actions(post)}
      </article>
    `
  }

  #text(text: string, hasMedia: boolean): TemplateResult {
    const isLarge = !hasMedia && text.length <= SHORT && !text.includes('\n\n')
    const isCut = !this.whole && (text.length > LONG || text.split('\n').length > 9)
    const classes = `text${isLarge ? ' large' : ''}${isCut ? ' cut' : ''}`
    return html`<p class=${classes} dir="auto">${text}</p>`
  }

  #actions(post: Post): TemplateResult {
    const { like, likes, comment, waiting } = words()
    if (isPending(post.id)) {
      return html`<footer><span class="waiting" role="status">${icons.clock()} ${waiting}</span></footer>`
    }
    const { likedByViewer: isLiked, likeCount, commentCount } = post
    return html`
      <footer>
        <button
          type="button"
          class=${isLiked ? 'act liked' : 'act'}
          aria-pressed=${isLiked}
          aria-label=${likeCount > 0 ? `${like}, ${likes(likeCount)}` : like}
          @click=${() => void attempt(() => likePost(post.id, !isLiked))}
        >
          ${isLiked ? icons.heartOn() : icons.heart()} ${likeCount > 0 ? shortCount(likeCount) : nothing}
        </button>
        <a class="act" href=${addressOf({ name: 'post', id: post.id })} aria-label=${comment(commentCount)}>
          ${icons.comment()} ${commentCount > 0 ? shortCount(commentCount) : nothing}
        </a>
      </footer>
    `
  }
}

function audienceMark(audience: Audience): TemplateResult {
  const { forEveryone, forFriends, forMe, forSomeFriends } = words()
  const [icon, label] = {
    PUBLIC: [icons.globe, forEveryone] as const,
    FRIENDS: [icons.people, forFriends] as const,
    ONLY_LIST: [icons.people, forSomeFriends] as const,
    EXCEPT_LIST: [icons.people, forSomeFriends] as const,
    ONLY_ME: [icons.lock, forMe] as const,
  }[audience]
  return html`<span aria-hidden="true">·</span><span role="img" aria-label=${label} title=${label}>${icon()}</span>`
}

customElements.define('moblog-post-card', MoblogPostCard)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-post-card': MoblogPostCard
  }
}
