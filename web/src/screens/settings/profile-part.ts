import { css, html, nothing, type TemplateResult } from 'lit'
import {
  type MediaItemFragment,
  OwnPicturesDocument,
  OwnProfileDocument,
  type OwnProfileQuery,
} from '../../../../generated/graphql/web.ts'
import { attempt } from '../../components/attempt.ts'
import { words as failureWords } from '../../components/failures/messages.ts'
import { tooLong } from '../../components/fields/too-long.ts'
import { freshAddress } from '../../components/fresh-address.ts'
import '../../components/avatar.ts'
import { hideBroken } from '../../components/hide-broken.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { toast } from '../../components/toast.ts'
import { unsavedNotice } from '../../components/unsaved.ts'
import { uploadState } from '../../composer/upload-state.ts'
import { updateMoblog, updateProfile } from '../../data/account.ts'
import { Query } from '../../data/query.ts'
import { keepTypedFields, typedFields } from '../../data/typed-text.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { lengthOf } from '../../length-of.ts'
import { appUploads } from '../../uploads/app-uploads.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'
import { cancelPicture, pictureUpload, uploadPicture } from './picture-upload.ts'
import { settingsStyle } from './settings-style.ts'

/** The limits of the API (`UpdateProfileInput`, `UpdateMoblogInput`). */
const LIMITS = { displayName: 50, about: 500, title: 100, aboutMoblog: 1_000 }

type Viewer = NonNullable<OwnProfileQuery['viewer']>

/** What others see of the user: name, picture, a text, and the title of their moblog. */
class MoblogProfilePart extends MoblogElement {
  static override properties = {
    isSending: { state: true },
    kept: { state: true },
    typed: { state: true },
  }
  declare isSending: boolean
  /** What the user typed during an earlier visit of this screen, and has not saved. */
  declare kept: Readonly<Record<string, string>> | null
  /** What the user has typed since; null as long as it is what the form began with. */
  declare typed: Readonly<Record<string, string>> | null
  readonly #profile = new Query(this, OwnProfileDocument, () => ({}))
  readonly #pictures = new Query(this, OwnPicturesDocument, () => ({}))
  #wasUploading = false

  static override styles = [
    controls,
    screen,
    settingsStyle,
    partStyle,
    css`
      .avatar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-4);
      }
      .avatar moblog-avatar {
        --size: 80px;
      }
      .acts {
        display: grid;
        flex: 1 1 10rem;
        gap: var(--space-2);
      }
      .acts .button {
        justify-self: stretch;
        padding-inline: var(--space-3);
      }
      @media (max-width: 359px) {
        .acts .button {
          padding-inline: var(--space-1);
          font-size: var(--text-s);
        }
      }
      @media (min-width: 480px) {
        .acts {
          flex-grow: 0;
        }
      }
      .acts label {
        position: relative;
      }
      .acts label:focus-within {
        outline: 3px solid var(--color-accent-text);
        outline-offset: 2px;
      }
      .upload {
        display: grid;
        gap: var(--space-2);
        font-size: var(--text-s);
      }
    `,
  ]

  constructor() {
    super()
    this.isSending = false
    this.kept = typedFields('profile')
    this.typed = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    appUploads().addEventListener('change', this.#update)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    appUploads().removeEventListener('change', this.#update)
  }

  readonly #update = () => {
    const isUploading = pictureUpload() !== null
    // The new picture is one of those to choose from.
    if (this.#wasUploading && !isUploading) this.#pictures.refresh()
    this.#wasUploading = isUploading
    this.requestUpdate()
  }

  protected override render() {
    const viewer = this.#profile.data?.viewer
    if (!viewer) return rowPlaceholders(3)
    const { about, aboutMoblog, displayName, moblogTitle, save } = words()
    const { displayName: name, about: text, moblog } = viewer
    const saved = { displayName: name, about: text, title: moblog?.title, aboutMoblog: moblog?.about }
    const shown = { ...saved, ...this.kept }
    const typed: Record<string, string | null | undefined> = { ...shown, ...this.typed }
    const limit = (field: keyof typeof LIMITS) => tooLong(typed[field] ?? '', LIMITS[field])
    const isTooLong = Object.entries(LIMITS).some(([field, most]) => lengthOf(typed[field] ?? '') > most)
    return html`
      ${this.#picture(viewer)}
      ${this.kept ? unsavedNotice(this.#discard) : nothing}
      <form class="section form" @submit=${this.#save} @input=${this.#type}>
        <label class="field"><span>${displayName}</span><input class="input" name="displayName" dir="auto" required .defaultValue=${shown.displayName} /></label>
        ${limit('displayName')}
        <label class="field"><span>${about}</span><textarea class="input" name="about" dir="auto" rows="3" .defaultValue=${shown.about ?? ''}></textarea></label>
        ${limit('about')}
        <label class="field"><span>${moblogTitle}</span><input class="input" name="title" dir="auto" .defaultValue=${shown.title ?? ''} /></label>
        ${limit('title')}
        <label class="field"><span>${aboutMoblog}</span><textarea class="input" name="aboutMoblog" dir="auto" rows="3" .defaultValue=${shown.aboutMoblog ?? ''}></textarea></label>
        ${limit('aboutMoblog')}
        <button class="button" ?disabled=${this.isSending || isTooLong}>${save}</button>
      </form>
    `
  }

  #picture(viewer: Viewer): TemplateResult {
    const { cancel, profilePicture, removePicture, uploadPicture: label } = words()
    const upload = pictureUpload()
    return html`<section class="section form">
      <h2>${profilePicture}</h2>
      <div class="avatar">
        <moblog-avatar .person=${viewer}></moblog-avatar>
        <div class="acts">
          <label class="button">
            ${label}
            <input class="only-heard" type="file" accept="image/*" @change=${this.#upload} />
          </label>
          ${viewer.avatar === null ? nothing : html`<button type="button" class="button quiet" @click=${() => void choose(null)}>${removePicture}</button>`}
        </div>
      </div>
      ${upload ? html`<div class="upload">${uploadState(upload)}<button type="button" class="button quiet" @click=${() => void cancelPicture()}>${cancel}</button></div>` : nothing}
      ${this.#choices(viewer.avatar?.id ?? null)}
    </section>`
  }

  #choices(chosen: string | null): TemplateResult | typeof nothing {
    const { orChoose, picture } = words()
    const media = this.#pictures.data?.viewer?.mediaLibrary?.edges.map(({ node }) => node) ?? []
    const pictures = media.filter(({ kind, access }) => kind === 'IMAGE' && access !== null)
    if (pictures.length === 0) return nothing
    return html`<p class="soft">${orChoose}</p>
      <div class="pictures">
        ${pictures.map(
          (
            item,
            index,
          ) => html`<button type="button" aria-pressed=${item.id === chosen} aria-label=${item.altText ?? `${picture} ${index + 1}`} @click=${() => void choose(item)}>
            <img src=${freshAddress(item.access?.imageUrl ?? item.access?.url, item.access)} alt="" loading="lazy" @error=${hideBroken} />
          </button>`,
        )}
      </div>`
  }

  readonly #upload = ({ target }: Event) => {
    if (!(target instanceof HTMLInputElement)) return
    const [file] = target.files ?? []
    // The same file can be chosen again.
    target.value = ''
    if (file) void uploadPicture(file)
  }

  readonly #type = ({ currentTarget }: Event) => {
    this.typed = fieldsOf(currentTarget as HTMLFormElement)
    keepTypedFields('profile', this.typed)
  }

  readonly #discard = async () => {
    keepTypedFields('profile', null)
    this.kept = null
    this.typed = null
    await this.updateComplete
    this.renderRoot.querySelector('form')?.reset()
  }

  readonly #save = async (event: SubmitEvent) => {
    event.preventDefault()
    const fields = fieldsOf(event.target as HTMLFormElement)
    const text = (name: string) => fields[name] ?? ''
    this.isSending = true
    const isSaved = await attempt(
      async () => {
        await updateProfile({ displayName: text('displayName'), about: text('about') })
        await updateMoblog({ title: text('title'), about: text('aboutMoblog') })
      },
      { offline: failureWords().notSaved },
    )
    this.isSending = false
    if (!isSaved) return
    keepTypedFields('profile', null)
    this.kept = null
    toast(words().saved)
  }
}

function fieldsOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
}

async function choose(picture: MediaItemFragment | null): Promise<void> {
  if (await attempt(() => updateProfile({ avatarMediaId: picture?.id ?? null }))) toast(words().saved)
}

customElements.define('moblog-profile-part', MoblogProfilePart)
