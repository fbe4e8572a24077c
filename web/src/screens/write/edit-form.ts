import { html, nothing, type TemplateResult } from 'lit'
import { type Audience, PostWithCommentsDocument } from '../../../../generated/graphql/web.ts'
import { attempt } from '../../components/attempt.ts'
import { editPost } from '../../data/posts.ts'
import { Query } from '../../data/query.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'

/** Changes the text and the audience of a post; its media stay. */
class MoblogEditForm extends MoblogElement {
  static override properties = { postId: { attribute: false }, isSending: { state: true } }
  declare postId: string
  declare isSending: boolean
  readonly #post = new Query(this, PostWithCommentsDocument, () => ({ id: this.postId }))

  static override styles = [controls, screen]

  constructor() {
    super()
    this.postId = ''
    this.isSending = false
  }

  protected override render() {
    const post = this.#post.data?.post
    if (!post) return nothing
    const { audience, save, text } = words()
    return html`<form class="section form" @submit=${this.#submit}>
      <label class="field"><span>${text}</span><textarea class="input" name="text" rows="6" dir="auto" maxlength="10000" .defaultValue=${post.text}></textarea></label>
      <label class="field"><span>${audience}</span><select class="input" name="audience">${this.#options(post.audience)}</select></label>
      <button class="button" ?disabled=${this.isSending}>${save}</button>
    </form>`
  }

  #options(chosen: Audience): TemplateResult[] {
    const { everyone, friends, onlyMe } = words()
    const labels = [
      ['PUBLIC', everyone],
      ['FRIENDS', friends],
      ['ONLY_ME', onlyMe],
    ] as const
    return labels.map(
      ([value, label]) => html`<option value=${value} ?selected=${value === chosen}>${label}</option>`,
    )
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const post = this.#post.data?.post
    if (!post) return
    const form = new FormData(event.target as HTMLFormElement)
    const audience = (['PUBLIC', 'FRIENDS', 'ONLY_ME'] as const).find((each) => each === form.get('audience'))
    const input = { postId: post.id, text: String(form.get('text') ?? ''), expectedVersion: post.version }
    this.isSending = true
    const isSaved = await attempt(() => editPost({ ...input, ...(audience && { audience }) }))
    this.isSending = false
    if (isSaved) history.back()
  }
}

customElements.define('moblog-edit-form', MoblogEditForm)
