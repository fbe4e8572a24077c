import { html, nothing, type TemplateResult } from 'lit'
import type { CommentItemFragment } from '../../../../generated/graphql/web.ts'
import { addressOf } from '../../app/routes.ts'
import { attempt } from '../../components/attempt.ts'
import '../../components/avatar.ts'
import { isolatedHandles } from '../../components/isolated-handles.ts'
import { askUser } from '../../components/sheet.ts'
import { time } from '../../components/time.ts'
import { deleteComment, likeComment } from '../../data/comments.ts'
import { isPending } from '../../data/expected-results.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { MoblogElement } from '../../element.ts'
import { shortCount } from '../../i18n/format.ts'
import { commentStyle } from './comment-style.ts'
import { words } from './messages.ts'

/** A comment or a reply. It tells with the event `moblog-reply` that the user wants to answer it. */
export class MoblogComment extends MoblogElement {
  static override properties = { comment: { attribute: false }, deletable: { type: Boolean } }
  declare comment: CommentItemFragment | null
  /** Whether the viewer may delete it although it is another user's. */
  declare deletable: boolean

  static override styles = [controls, commentStyle]

  constructor() {
    super()
    this.comment = null
    this.deletable = false
  }

  protected override render() {
    const { comment } = this
    if (!comment) return nothing
    const { author, text, id } = comment
    return html`
      <a class="author" href=${addressOf({ name: 'moblog', id: author?.id ?? '' })}>
        <moblog-avatar .person=${author}></moblog-avatar><span class="only-heard">${author?.displayName}</span>
      </a>
      <div class="body">
        <p><strong><bdi>${author?.displayName}</bdi></strong> <span dir="auto">${isolatedHandles(text)}</span></p>
        <div class="acts">${isPending(id) ? waiting() : this.#acts(comment)}</div>
      </div>
      ${isPending(id) ? html`<span class="like"></span>` : likeButton(comment)}
    `
  }

  #acts(comment: CommentItemFragment): TemplateResult {
    const { deleteCommentOf, reply, replyTo } = words()
    const { id, author, createdAt } = comment
    const mayDelete = this.deletable || author?.relationship === 'SELF'
    return html`
      <span>${time(createdAt)}</span>
      <button type="button" aria-label=${replyTo(author?.displayName ?? '')} @click=${() => this.tell('moblog-reply', comment)}>${reply}</button>
      ${mayDelete ? html`<button type="button" class="icon" aria-label=${deleteCommentOf(author?.displayName ?? '')} @click=${() => void removeComment(id)}>${moreIcons.trash()}</button>` : nothing}
    `
  }
}

function waiting(): TemplateResult {
  return html`<span role="status">${icons.clock()} ${words().waiting}</span>`
}

function likeButton({ id, author, likedByViewer: isLiked, likeCount }: CommentItemFragment): TemplateResult {
  const { likeComment: labelFor, likes } = words()
  const label = labelFor(author?.displayName ?? '')
  return html`<button
    type="button"
    class=${isLiked ? 'like liked' : 'like'}
    aria-pressed=${isLiked}
    aria-label=${likeCount > 0 ? `${label}, ${likes(likeCount)}` : label}
    @click=${() => void attempt(() => likeComment(id, !isLiked))}
  >
    ${isLiked ? icons.heartOn() : icons.heart()}
    ${likeCount > 0 ? html`<span>${shortCount(likeCount)}</span>` : nothing}
  </button>`
}

async function removeComment(id: string): Promise<void> {
  const { deleteComment: label, deleteTitle } = words()
  const answer = await askUser({
    title: deleteTitle,
    name: deleteTitle,
    choices: [{ key: 'delete', label, icon: moreIcons.trash, isDangerous: true }],
  })
  if (answer === 'delete') await attempt(() => deleteComment(id))
}

customElements.define('moblog-comment', MoblogComment)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-comment': MoblogComment
  }
}
