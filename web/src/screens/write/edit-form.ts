import { html, nothing } from 'lit'
import { PostDocument } from '../../../../generated/graphql/web.ts'
import { leaveScreen } from '../../app/go-back.ts'
import { addressOf } from '../../app/routes.ts'
import { attempt } from '../../components/attempt.ts'
import { problemNotice } from '../../components/list-state.ts'
import '../../composer/audience-choice.ts'
import type { AudienceChoice } from '../../composer/audience-choice.ts'
import { LONGEST_WARNING, lengthOf, MOST_CHARACTERS, needsList } from '../../composer/draft.ts'
import '../../composer/post-text.ts'
import { editPost } from '../../data/posts.ts'
import { Query } from '../../data/query.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'

/** Changes the text, the content warning and the audience of a post; its media stay. */
class MoblogEditForm extends MoblogElement {
  static override properties = {
    postId: { attribute: false },
    written: { state: true },
    chosen: { state: true },
    isSending: { state: true },
  }
  declare postId: string
  /** The text that the user has written; null as long as it is that of the post. */
  declare written: string | null
  /** The audience that the user has chosen; null as long as it is that of the post. */
  declare chosen: AudienceChoice | null
  declare isSending: boolean
  readonly #post = new Query(this, PostDocument, () => ({ id: this.postId }))

  static override styles = [controls, screen]

  constructor() {
    super()
    this.postId = ''
    this.written = null
    this.chosen = null
    this.isSending = false
  }

  protected override render() {
    const { data, problem } = this.#post
    if (!data) return problem ? problemNotice(problem, () => this.#post.refresh()) : nothing
    const { post } = data
    const { chooseList, contentWarning, missing, save } = words()
    if (!post) return html`<p class="problem" role="status">${missing}</p>`
    const { audience, audienceListId } = this.#choice
    const lacksList = needsList(audience) && audienceListId === null
    const text = this.written ?? post.text
    const isTooLong = lengthOf(text) > MOST_CHARACTERS
    return html`<form class="section form" @submit=${this.#submit}>
      <moblog-post-text .text=${text} @moblog-text-changed=${this.#write}></moblog-post-text>
      <label class="field"><span>${contentWarning}</span><input class="input" name="contentWarning" dir="auto" maxlength=${LONGEST_WARNING} .defaultValue=${post.contentWarning ?? ''} /></label>
      <moblog-audience-choice .audience=${audience} .listId=${audienceListId} @moblog-audience-chosen=${this.#choose}></moblog-audience-choice>
      ${lacksList ? html`<p class="soft" role="status">${chooseList}</p>` : nothing}
      <button class="button" ?disabled=${this.isSending || lacksList || isTooLong}>${save}</button>
    </form>`
  }

  get #choice(): AudienceChoice {
    const post = this.#post.data?.post
    return (
      this.chosen ?? {
        audience: post?.audience ?? 'FRIENDS',
        audienceListId: post?.audienceList?.id ?? null,
      }
    )
  }

  readonly #write = ({ detail }: CustomEvent<string>) => {
    this.written = detail
  }

  readonly #choose = ({ detail }: CustomEvent<AudienceChoice>) => {
    this.chosen = detail
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const post = this.#post.data?.post
    if (!post || !(event.target instanceof HTMLFormElement)) return
    const form = new FormData(event.target)
    const { audience, audienceListId } = this.#choice
    const input = {
      postId: post.id,
      text: this.written ?? post.text,
      contentWarning: String(form.get('contentWarning') ?? ''),
      audience,
      ...(needsList(audience) && { audienceListId }),
      expectedVersion: post.version,
    }
    this.isSending = true
    const isSaved = await attempt(() => editPost(input))
    this.isSending = false
    if (isSaved) leaveScreen(addressOf({ name: 'post', id: post.id }))
  }
}

customElements.define('moblog-edit-form', MoblogEditForm)
