import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { PostDocument, type PostQuery } from '../../../../generated/graphql/web.ts'
import { leaveScreen } from '../../app/go-back.ts'
import { addressOf } from '../../app/routes.ts'
import { attempt } from '../../components/attempt.ts'
import { words as failureWords } from '../../components/failures/messages.ts'
import { tooLong } from '../../components/fields/too-long.ts'
import { freshAddress } from '../../components/fresh-address.ts'
import { hideBroken } from '../../components/hide-broken.ts'
import { problemNotice } from '../../components/list-state.ts'
import { unsavedNotice } from '../../components/unsaved.ts'
import '../../composer/audience-choice.ts'
import type { AudienceChoice } from '../../composer/audience-choice.ts'
import {
  AUDIENCES,
  LONGEST_ALT_TEXT,
  LONGEST_WARNING,
  MOST_CHARACTERS,
  needsList,
} from '../../composer/draft.ts'
import '../../composer/post-text.ts'
import { Refused } from '../../data/failure.ts'
import { editPost } from '../../data/own-posts.ts'
import { describeMedia } from '../../data/publishing.ts'
import { Query } from '../../data/query.ts'
import { keepTypedFields, typedFields } from '../../data/typed-text.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { labelFor } from '../../i18n/format.ts'
import { lengthOf } from '../../length-of.ts'
import { words } from './messages.ts'

type PostMedia = NonNullable<PostQuery['post']>['media'][number]

/** Changes the text, the content warning and the audience of a post, and the descriptions of its media, which stay. */
class MoblogEditForm extends MoblogElement {
  static override properties = {
    postId: { attribute: false },
    written: { state: true },
    warning: { state: true },
    altTexts: { state: true },
    isKept: { state: true },
    chosen: { state: true },
    isSending: { state: true },
  }
  declare postId: string
  /** The text that the user has written; null as long as it is that of the post. */
  declare written: string | null
  /** The content warning that the user has written; null as long as it is that of the post. */
  declare warning: string | null
  /** The descriptions that the user has written, by the ids of their media. */
  declare altTexts: Readonly<Record<string, string>>
  /** Whether the changes are those of an earlier visit of this screen. */
  declare isKept: boolean
  /** The audience that the user has chosen; null as long as it is that of the post. */
  declare chosen: AudienceChoice | null
  declare isSending: boolean
  readonly #post = new Query(this, PostDocument, () => ({ id: this.postId }))
  /** The version of the post that the changes began with; null without changes. */
  #version: number | null = null

  static override styles = [
    controls,
    screen,
    css`
      .described {
        display: flex;
        align-items: start;
        gap: var(--space-2);
      }
      .described img {
        flex: none;
        inline-size: 48px;
        block-size: 48px;
        border-radius: var(--radius-s);
        object-fit: cover;
      }
      .described textarea {
        flex: 1;
        min-inline-size: 0;
        field-sizing: content;
        resize: none;
      }
    `,
  ]

  constructor() {
    super()
    this.postId = ''
    this.written = null
    this.warning = null
    this.altTexts = {}
    this.isKept = false
    this.chosen = null
    this.isSending = false
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('postId')) this.#restore()
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
    const warning = this.warning ?? post.contentWarning ?? ''
    const isTooLong =
      lengthOf(text) > MOST_CHARACTERS ||
      lengthOf(warning) > LONGEST_WARNING ||
      this.#media.some((item) => lengthOf(this.#altText(item)) > LONGEST_ALT_TEXT)
    return html`${this.isKept ? unsavedNotice(this.#discard) : nothing}
    <form class="section form" @submit=${this.#submit}>
      <moblog-post-text .text=${text} @moblog-text-changed=${this.#write}></moblog-post-text>
      ${this.#media.map(this.#description)}
      <label class="field"><span>${contentWarning}</span><input class="input" name="contentWarning" dir="auto" .value=${warning} @input=${this.#warn} /></label>
      ${tooLong(warning, LONGEST_WARNING)}
      <moblog-audience-choice .audience=${audience} .listId=${audienceListId} @moblog-audience-chosen=${this.#choose}></moblog-audience-choice>
      ${lacksList ? html`<p class="soft" role="status">${chooseList}</p>` : nothing}
      <button class="button" ?disabled=${this.isSending || lacksList || isTooLong}>${save}</button>
    </form>`
  }

  readonly #description = (
    item: PostMedia,
    index: number,
    { length }: readonly PostMedia[],
  ): TemplateResult => {
    const [text, { altText }] = [this.#altText(item), words()]
    const picture = item.access?.imageUrl
    const describe = ({ target }: Event) => {
      if (target instanceof HTMLTextAreaElement) this.altTexts = { ...this.altTexts, [item.id]: target.value }
      this.#keep()
    }
    return html`<div class="described">
        ${picture ? html`<img src=${freshAddress(picture, item.access)} alt="" @error=${hideBroken} />` : nothing}
        <textarea class="input" rows="1" dir="auto" placeholder=${altText} aria-label=${length > 1 ? labelFor(altText, `${index + 1} / ${length}`) : altText} .value=${text} @input=${describe}></textarea>
      </div>
      ${tooLong(text, LONGEST_ALT_TEXT)}`
  }

  /** The media of the post that were not deleted. */
  get #media(): PostMedia[] {
    return (this.#post.data?.post?.media ?? []).filter(({ kind }) => kind !== null)
  }

  #altText({ id, altText }: PostMedia): string {
    return this.altTexts[id] ?? altText ?? ''
  }

  /** The media whose descriptions the user has changed. */
  get #redescribed(): { mediaId: string; altText: string }[] {
    return this.#media.flatMap((item) => {
      const altText = this.#altText(item).trim()
      return altText === (item.altText ?? '').trim() ? [] : [{ mediaId: item.id, altText }]
    })
  }

  /** Whether the user has changed nothing but descriptions. */
  get #isPostAsBefore(): boolean {
    const { written, warning, chosen } = this
    const post = this.#post.data?.post
    return (
      chosen === null &&
      (written ?? post?.text) === post?.text &&
      (warning ?? post?.contentWarning ?? '') === (post?.contentWarning ?? '')
    )
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
    this.#keep()
  }

  readonly #warn = ({ target }: Event) => {
    if (target instanceof HTMLInputElement) this.warning = target.value
    this.#keep()
  }

  readonly #choose = ({ detail }: CustomEvent<AudienceChoice>) => {
    this.chosen = detail
    this.#keep()
  }

  /** Keeps the changes until they are saved. */
  #keep(): void {
    const { written, warning, chosen, altTexts } = this
    const isPostAsBefore = this.#isPostAsBefore
    this.#version = isPostAsBefore ? null : (this.#version ?? this.#post.data?.post?.version ?? null)
    const isAsBefore = isPostAsBefore && this.#redescribed.length === 0
    const changes = {
      version: `${this.#version}`,
      ...(written !== null && { written }),
      ...(warning !== null && { warning }),
      altTexts: JSON.stringify(altTexts),
      ...(chosen && { audience: chosen.audience, listId: chosen.audienceListId ?? '' }),
    }
    keepTypedFields(`edit ${this.postId}`, isAsBefore ? null : changes)
  }

  #restore(): void {
    const kept = typedFields(`edit ${this.postId}`)
    const audience = AUDIENCES.find((each) => each === kept?.audience)
    this.isKept = kept !== null
    this.#version = kept ? Number(kept.version) || null : null
    this.written = kept?.written ?? null
    this.warning = kept?.warning ?? null
    this.altTexts = JSON.parse(kept?.altTexts ?? '{}') as Record<string, string>
    this.chosen = audience ? { audience, audienceListId: kept?.listId || null } : null
  }

  readonly #discard = () => {
    keepTypedFields(`edit ${this.postId}`, null)
    this.#restore()
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const post = this.#post.data?.post
    if (!post) return
    const { audience, audienceListId } = this.#choice
    const input = {
      postId: post.id,
      text: this.written ?? post.text,
      contentWarning: this.warning ?? post.contentWarning ?? '',
      audience,
      ...(needsList(audience) && { audienceListId }),
      expectedVersion: this.#version ?? post.version,
    }
    const save = async () => {
      // First, because only this notices what another device has changed.
      if (!this.#isPostAsBefore) await editPost(input).catch(this.#compare)
      this.#version = null
      for (const each of this.#redescribed) await describeMedia(each).catch(unlessDeleted)
    }
    this.isSending = true
    const isSaved = await attempt(save, {
      CONFLICT: words().changedElsewhere,
      offline: failureWords().notSaved,
    })
    this.isSending = false
    if (!isSaved) return
    keepTypedFields(`edit ${post.id}`, null)
    leaveScreen(addressOf({ name: 'post', id: post.id }))
  }

  /** If the post was changed elsewhere, the next attempt is about its present version. */
  readonly #compare = (error: unknown) => {
    if (error instanceof Refused && error.code === 'CONFLICT') {
      this.#version = null
      this.#post.refresh()
    }
    throw error
  }
}

/** A media file that was deleted meanwhile needs no description, and must not keep the rest from being saved. */
function unlessDeleted(error: unknown): void {
  if (!(error instanceof Refused && error.code === 'NOT_FOUND')) throw error
}

customElements.define('moblog-edit-form', MoblogEditForm)
