import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import {
  type CommentItemFragment,
  type PostCardFragment,
  PostWithCommentsDocument,
  type PostWithCommentsQuery,
} from '../../../../generated/graphql/web.ts'
import { goBack } from '../../app/go-back.ts'
import { currentEntry } from '../../app/history-entry.ts'
import { addressOf, PLACES } from '../../app/routes.ts'
import { attempt } from '../../components/attempt.ts'
import { tellBarAtEnd } from '../../components/bar-at-end.ts'
import '../../components/empty.ts'
import { tooLong } from '../../components/fields/too-long.ts'
import { isOfInputMethod } from '../../components/input-method.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { showPeople } from '../../components/people-sheet.ts'
import { postPlaceholders } from '../../components/placeholders.ts'
import '../../components/post-card.ts'
import { commentOnPost } from '../../data/comments.ts'
import { knownPost } from '../../data/known-post.ts'
import type { LiveNotification } from '../../data/live.ts'
import { isAbout, markPostRead } from '../../data/mark-post-read.ts'
import { markIdsRead } from '../../data/mark-read.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { keepTypedFields, typedFields } from '../../data/typed-text.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { lengthOf } from '../../length-of.ts'
import './comment.ts'
import { lookAt, openAt } from './lead-to.ts'
import { words } from './messages.ts'
import { postStyle } from './post-style.ts'
import { findSent } from './sent-comment.ts'
import { type Thread, threadsOf } from './threads.ts'

type ShownPost = NonNullable<PostWithCommentsQuery['post']>
type ListedComment = ShownPost['comments']['edges'][number]['node']

// Who has written a comment below very many wants to go on, and not to wait for all of them.
const MOST_PAGES = 10

// The limit of the API (`CommentOnPostInput`).
const LONGEST_COMMENT = 2_000

/** A post with its comments and replies. */
class MoblogPostScreen extends MoblogElement {
  static override properties = {
    postId: { attribute: false },
    draft: { state: true },
    answered: { state: true },
  }
  declare postId: string
  declare draft: string
  /** The comment that the user replies to. */
  declare answered: CommentItemFragment | null
  readonly #comments = new PagedQuery(
    this,
    PostWithCommentsDocument,
    () => ({ id: this.postId }),
    ({ post }) => post?.comments,
  )
  /** What a list has shown of the post, until the post is read with its comments. */
  readonly #known = knownPost(this, () => (this.#comments.first ? null : this.postId))

  #connected: AbortController | null = null
  /** The comment that the user replied to before they left this screen. Its thread may not be read yet. */
  #keptAnsweredId: string | null = null
  /** The post that was on the screen last. */
  #shownId: string | null = null
  /** The comment that the user has just sent, until it is on the screen. */
  #sent: { text: string; known: ReadonlySet<string>; pages: number } | null = null

  static override styles = [controls, screen, postStyle]

  constructor() {
    super()
    this.postId = ''
    this.draft = ''
    this.answered = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#connected = new AbortController()
    const { signal } = this.#connected
    addEventListener('moblog-notification', this.#notice, { signal })
    addEventListener('moblog-person-changed', this.#notePerson, { signal })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#connected?.abort()
    tellBarAtEnd(null)
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('postId')) {
      const kept = typedFields(`comment ${this.postId}`)
      this.draft = kept?.text ?? ''
      this.answered = null
      this.#keptAnsweredId = kept?.answeredId ?? null
    }
    this.#findAnswered()
  }

  protected override updated(): void {
    if (this.isConnected) tellBarAtEnd(this.renderRoot.querySelector('form'))
    if (!this.#comments.first?.post) return
    if (this.#shownId !== this.postId) void markPostRead(this.postId).catch(() => {})
    this.#shownId = this.postId
    this.#openAtComments()
    this.#showSent()
  }

  #openAtComments(): void {
    const entry = currentEntry()
    if (!entry || entry.hasLed || !location.hash.endsWith(PLACES.comments)) return
    history.replaceState({ ...entry, hasLed: true }, '')
    this.#leadToComments()
  }

  #leadToComments(): void {
    const heading = this.renderRoot.querySelector<HTMLElement>('h2.heading')
    const target = heading ?? this.renderRoot.querySelector('moblog-empty')
    if (!target) return
    openAt(target)
    if (heading) heading.focus({ preventScroll: true })
    else this.renderRoot.querySelector('textarea')?.focus({ preventScroll: true })
  }

  /** Shows the comment that was just sent, which is the last one, also if others are read before it. */
  #showSent(): void {
    if (!this.#sent) return
    const { hasMore, isLoading } = this.#comments
    const { text, known } = this.#sent
    const rows = [...this.renderRoot.querySelectorAll('moblog-comment')]
    const comments = rows.flatMap(({ comment }) => comment ?? [])
    const sent = findSent(comments, text, known, !hasMore)
    const row = rows.find(({ comment }) => comment && comment.id === sent?.id)
    if (row) {
      this.#sent = null
      // Until the row is rendered, it has no height.
      void row.updateComplete.then(() => lookAt(row))
    } else if (hasMore && !isLoading && this.#sent.pages < MOST_PAGES) {
      this.#sent.pages += 1
      this.#comments.more()
    }
  }

  protected override render() {
    const { back, noComments, notFound, post: title } = words()
    const { first } = this.#comments
    const post = first ? first.post : (this.#known.data?.knownPost ?? undefined)
    // Whether the viewer has seen it here, and may not any more.
    const isEnded = post === null && this.#shownId === this.postId
    return html`
      <header class="top">
        <a class="icon-button back" href=${addressOf({ name: 'home' })} aria-label=${back} @click=${goBack}>${icons.back()}</a>
        <h1>${post === null && !isEnded ? notFound : title}</h1>
      </header>
      <div class="page" @click=${this.#stay} @moblog-reply=${this.#answer} @moblog-access-ended=${this.#lookAgain}>
        ${post === undefined && !this.#comments.problem ? postPlaceholders(1) : nothing}
        ${post === null ? explanation(isEnded) : nothing}
        ${post ? html`<moblog-post-card whole .post=${post}>${facts(post)}</moblog-post-card>` : nothing}
        ${first?.post ? this.#list(first.post) : nothing}
        ${listEnd(this.#comments, post ? noComments : undefined)}
      </div>
      ${first?.post ? this.#form() : nothing}
    `
  }

  #list({ author, commentCount }: ShownPost): TemplateResult {
    const { comments: heading, empty, emptyText } = words()
    const comments = this.#comments.items ?? []
    if (comments.length === 0)
      return html`<moblog-empty small drawing="talk" .heading=${empty} .text=${emptyText}></moblog-empty>`
    const isOwnPost = author?.relationship === 'SELF'
    return html`<h2 class="heading" tabindex="-1">${heading(commentCount)}</h2>
      <ul class="section comments">
        ${repeat(
          threadsOf<CommentItemFragment, ListedComment>(comments, this.#comments.hasMore),
          ({ comment }) => comment.id,
          (thread) => this.#thread(thread, isOwnPost),
        )}
      </ul>`
  }

  #thread(
    { comment, replies, hasMore }: Thread<ListedComment, CommentItemFragment>,
    isOwnPost: boolean,
  ): TemplateResult {
    const show = (each: CommentItemFragment) =>
      html`<moblog-comment .comment=${each} ?deletable=${isOwnPost}></moblog-comment>`
    if (replies.length === 0) return html`<li>${show(comment)}</li>`
    return html`<li>
      ${show(comment)}
      <ul class="replies">
        ${repeat(
          replies,
          ({ id }) => id,
          (reply) => html`<li>${show(reply)}</li>`,
        )}
      </ul>
      ${hasMore ? html`<div class="replies"><button type="button" class="button plain" @click=${() => this.#comments.more()}>${words().moreReplies}</button></div>` : nothing}
    </li>`
  }

  #form(): TemplateResult {
    const { cancelReply, placeholder, replyingTo, replyPlaceholder, send } = words()
    const label = this.answered ? replyPlaceholder : placeholder
    return html`<form @submit=${this.#submit} @keydown=${this.#key}>
      ${
        this.answered
          ? html`<p class="answered">
              <span>${replyingTo(this.answered.author?.displayName ?? '')}</span>
              <button type="button" class="icon-button" aria-label=${cancelReply} @click=${this.#cancelReply}>${moreIcons.close()}</button>
            </p>`
          : nothing
      }
      ${tooLong(this.draft, LONGEST_COMMENT)}
      <label>
        <span class="only-heard">${label}</span>
        <textarea class="input" rows="1" dir="auto" placeholder=${label} .value=${this.draft} @input=${this.#type}></textarea>
      </label>
      <button class="icon-button send" aria-label=${send} ?disabled=${!this.#isReady}>${moreIcons.send()}</button>
    </form>`
  }

  get #isReady(): boolean {
    return this.draft.trim() !== '' && lengthOf(this.draft) <= LONGEST_COMMENT
  }

  // Shows at once what others do with the post that is on the screen.
  readonly #notice = (event: Event) => {
    const notification = (event as CustomEvent<LiveNotification>).detail
    if (!isAbout(notification, this.postId)) return
    this.#comments.refresh()
    if (!document.hidden) void markIdsRead([notification.id]).catch(() => {})
  }

  // On its own screen, the button for comments leads to them.
  readonly #stay = (event: Event) => {
    const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement)
    if (!link?.hash.endsWith(PLACES.comments)) return
    event.preventDefault()
    this.#leadToComments()
  }

  // Who blocks the author does not see the post any more.
  readonly #notePerson = (event: Event) => {
    if (this.#comments.first?.post?.author?.id === (event as CustomEvent<string>).detail) this.#lookAgain()
  }

  // The film that has stopped may not be all that the viewer has lost.
  readonly #lookAgain = () => this.#comments.refresh()

  #findAnswered(): void {
    if (this.#keptAnsweredId === null || this.#comments.items === null) return
    const comments = this.#comments.items.flatMap((comment) => [
      comment,
      ...comment.replies.edges.map(({ node }) => node),
    ])
    this.answered = comments.find(({ id }) => id === this.#keptAnsweredId) ?? null
    if (this.answered) this.#keptAnsweredId = null
  }

  #keep(): void {
    const { draft: text, answered } = this
    const fields = { text, ...(answered && { answeredId: answered.id }) }
    keepTypedFields(`comment ${this.postId}`, text.trim() === '' ? null : fields)
  }

  readonly #answer = (event: CustomEvent<CommentItemFragment>) => {
    this.#setAnswered(event.detail)
    this.#focusField()
  }

  readonly #cancelReply = () => {
    this.#setAnswered(null)
    this.#focusField()
  }

  #setAnswered(comment: CommentItemFragment | null): void {
    this.#keptAnsweredId = null
    this.answered = comment
    this.#keep()
  }

  #focusField(options: FocusOptions = {}): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector('textarea')?.focus(options))
  }

  readonly #type = (event: InputEvent) => {
    this.draft = (event.target as HTMLTextAreaElement).value
    this.#keep()
  }

  readonly #key = (event: KeyboardEvent) => {
    if (isOfInputMethod(event)) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event)
    if (event.key === 'Escape' && this.answered) this.#cancelReply()
  }

  readonly #submit = (event: Event) => {
    event.preventDefault()
    if (!this.#isReady) return
    const text = this.draft.trim()
    const { answered } = this
    const known = [...this.renderRoot.querySelectorAll('moblog-comment')].map(
      ({ comment }) => comment?.id ?? '',
    )
    this.#sent = { text, known: new Set(known), pages: 0 }
    this.draft = ''
    this.#setAnswered(null)
    // Without scrolling, which would end the movement to the comment.
    this.#focusField({ preventScroll: true })
    void attempt(() => commentOnPost(this.postId, text, answered?.id ?? null)).then((isTaken) => {
      if (isTaken) return
      this.#sent = null
      this.#lookAgain()
      // Gives the text back, unless the user has begun another one.
      if (this.draft !== '') return
      this.draft = text
      this.#setAnswered(answered)
    })
  }
}

function explanation(isEnded: boolean): TemplateResult {
  const { ended, endedText, missing, missingText } = words()
  return html`<moblog-empty role="status" .heading=${isEnded ? ended : missing} .text=${isEnded ? endedText : missingText}></moblog-empty>`
}

/** How many users like the post, and how many have viewed a post of the viewer. Both lead to the users. */
function facts({ id, author, likeCount, viewCount }: PostCardFragment): TemplateResult | typeof nothing {
  const { likes, views } = words()
  const showsViews = author?.relationship === 'SELF' && viewCount > 0
  if (likeCount === 0 && !showsViews) return nothing
  return html`<div class="facts">
    ${likeCount > 0 ? html`<button type="button" aria-haspopup="dialog" @click=${() => showPeople('likes', id)}>${icons.heart()} ${likes(likeCount)}</button>` : nothing}
    ${showsViews ? html`<button type="button" aria-haspopup="dialog" @click=${() => showPeople('views', id)}>${icons.eye()} ${views(viewCount)}</button>` : nothing}
  </div>`
}

customElements.define('moblog-post-screen', MoblogPostScreen)
