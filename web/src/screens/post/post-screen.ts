import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { type CommentItemFragment, PostWithCommentsDocument } from '../../../../generated/graphql/web.ts'
import { goBack } from '../../app/go-back.ts'
import { addressOf } from '../../app/routes.ts'
import { attempt } from '../../components/attempt.ts'
import '../../components/avatar.ts'
import '../../components/empty.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { postPlaceholders } from '../../components/placeholders.ts'
import '../../components/post-card.ts'
import { askUser } from '../../components/sheet.ts'
import { time } from '../../components/time.ts'
import { isPending } from '../../data/expected-results.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { commentOnPost, deleteComment } from '../../data/posts.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'
import { postStyle } from './post-style.ts'

/** A post with its comments. */
class MoblogPostScreen extends MoblogElement {
  static override properties = { postId: { attribute: false }, draft: { state: true } }
  declare postId: string
  declare draft: string
  readonly #comments = new PagedQuery(
    this,
    PostWithCommentsDocument,
    () => ({ id: this.postId }),
    ({ post }) => post?.comments,
  )

  static override styles = [controls, screen, postStyle]

  constructor() {
    super()
    this.postId = ''
    this.draft = ''
  }

  protected override render() {
    const { back, missing, missingText, post: title } = words()
    const post = this.#comments.first?.post
    return html`
      <header class="top">
        <a class="icon-button back" href=${addressOf({ name: 'home' })} aria-label=${back} @click=${goBack}>${icons.back()}</a>
        <h1>${title}</h1>
      </header>
      <div class="page">
        ${post === undefined && !this.#comments.problem ? postPlaceholders(1) : nothing}
        ${post === null ? html`<moblog-empty .heading=${missing} .text=${missingText}></moblog-empty>` : nothing}
        ${post ? html`<moblog-post-card whole .post=${post}></moblog-post-card>${this.#list(post.author?.relationship === 'SELF')}` : nothing}
        ${listEnd(this.#comments)}
      </div>
      ${post ? this.#form() : nothing}
    `
  }

  #list(isOwnPost: boolean): TemplateResult {
    const { comments: heading, empty, emptyText } = words()
    const comments = this.#comments.items ?? []
    if (comments.length === 0)
      return html`<moblog-empty drawing="talk" .heading=${empty} .text=${emptyText}></moblog-empty>`
    return html`<h2 class="heading">${heading}</h2>
      <ul class="section comments">
        ${repeat(
          comments,
          ({ id }) => id,
          (comment) => this.#comment(comment, isOwnPost),
        )}
      </ul>`
  }

  #comment({ id, author, text, createdAt }: CommentItemFragment, isOwnPost: boolean): TemplateResult {
    const mayDelete = !isPending(id) && (isOwnPost || author?.relationship === 'SELF')
    return html`<li class="comment">
      <a href=${addressOf({ name: 'moblog', id: author?.id ?? '' })} aria-label=${author?.displayName ?? ''}><moblog-avatar .person=${author}></moblog-avatar></a>
      <div class="bubble">
        <strong dir="auto">${author?.displayName}</strong><span class="soft">${isPending(id) ? icons.clock() : nothing} ${time(createdAt)}</span>
        <p dir="auto">${text}</p>
      </div>
      ${mayDelete ? html`<button type="button" class="icon-button delete" aria-label=${words().deleteComment} @click=${() => void removeComment(id)}>${icons.trash()}</button>` : nothing}
    </li>`
  }

  #form(): TemplateResult {
    const { placeholder, send } = words()
    return html`<form @submit=${this.#submit}>
      <label>
        <span class="only-heard">${placeholder}</span>
        <textarea class="input" rows="1" dir="auto" maxlength="2000" placeholder=${placeholder} .value=${this.draft} @input=${this.#type} @keydown=${this.#key}></textarea>
      </label>
      <button class="icon-button" aria-label=${send} ?disabled=${this.draft.trim() === ''}>${icons.send()}</button>
    </form>`
  }

  readonly #type = (event: InputEvent) => {
    this.draft = (event.target as HTMLTextAreaElement).value
  }

  readonly #key = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event)
  }

  readonly #submit = (event: Event) => {
    event.preventDefault()
    const text = this.draft.trim()
    if (text === '') return
    this.draft = ''
    void attempt(() => commentOnPost(this.postId, text)).then((isTaken) => {
      // Gives the text back, unless the user has begun another one.
      if (!isTaken && this.draft === '') this.draft = text
    })
  }
}

async function removeComment(id: string): Promise<void> {
  const { deleteComment: label, deleteTitle } = words()
  const answer = await askUser({
    title: deleteTitle,
    name: deleteTitle,
    choices: [{ key: 'delete', label, icon: icons.trash, isDangerous: true }],
  })
  if (answer === 'delete') await attempt(() => deleteComment(id))
}

customElements.define('moblog-post-screen', MoblogPostScreen)
