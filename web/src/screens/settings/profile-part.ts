import { html, nothing, type TemplateResult } from 'lit'
import {
  type MediaItemFragment,
  OwnPicturesDocument,
  OwnProfileDocument,
} from '../../../../generated/graphql/web.ts'
import { attempt } from '../../components/attempt.ts'
import { freshAddress } from '../../components/fresh-address.ts'
import '../../components/avatar.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { toast } from '../../components/toast.ts'
import { updateMoblog, updateProfile } from '../../data/account.ts'
import { Query } from '../../data/query.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'
import { settingsStyle } from './settings-style.ts'

/** What others see of the user: name, picture, a text, and the title of their moblog. */
class MoblogProfilePart extends MoblogElement {
  static override properties = { isSending: { state: true } }
  declare isSending: boolean
  readonly #profile = new Query(this, OwnProfileDocument, () => ({}))
  readonly #pictures = new Query(this, OwnPicturesDocument, () => ({}))

  static override styles = [controls, screen, settingsStyle, partStyle]

  constructor() {
    super()
    this.isSending = false
  }

  protected override render() {
    const viewer = this.#profile.data?.viewer
    if (!viewer) return rowPlaceholders(3)
    const { about, aboutMoblog, displayName, moblogTitle, save } = words()
    const { moblog } = viewer
    return html`
      ${this.#avatars(viewer.avatar?.id ?? null)}
      <form class="section form" @submit=${this.#save}>
        <label class="field"><span>${displayName}</span><input class="input" name="displayName" dir="auto" maxlength="50" required .defaultValue=${viewer.displayName} /></label>
        <label class="field"><span>${about}</span><textarea class="input" name="about" dir="auto" rows="3" maxlength="500" .defaultValue=${viewer.about ?? ''}></textarea></label>
        <label class="field"><span>${moblogTitle}</span><input class="input" name="title" dir="auto" maxlength="100" .defaultValue=${moblog?.title ?? ''} /></label>
        <label class="field"><span>${aboutMoblog}</span><textarea class="input" name="aboutMoblog" dir="auto" rows="3" maxlength="1000" .defaultValue=${moblog?.about ?? ''}></textarea></label>
        <button class="button" ?disabled=${this.isSending}>${save}</button>
      </form>
    `
  }

  #avatars(chosen: string | null): TemplateResult {
    const { choosePicture, noPictures, picture, removePicture } = words()
    const media = this.#pictures.data?.viewer?.mediaLibrary?.edges.map(({ node }) => node) ?? []
    const pictures = media.filter(({ kind, access }) => kind === 'IMAGE' && access !== null)
    return html`<section class="section form">
      <h2>${choosePicture}</h2>
      ${pictures.length === 0 ? html`<p class="soft">${noPictures}</p>` : nothing}
      <div class="pictures">
        ${pictures.map(
          (
            item,
            index,
          ) => html`<button type="button" aria-pressed=${item.id === chosen} aria-label=${item.altText ?? `${picture} ${index + 1}`} @click=${() => void choose(item)}>
            <img src=${freshAddress(item.access?.imageUrl ?? item.access?.url, item.access)} alt="" loading="lazy" />
          </button>`,
        )}
      </div>
      ${chosen === null ? nothing : html`<button type="button" class="button quiet" @click=${() => void choose(null)}>${removePicture}</button>`}
    </section>`
  }

  readonly #save = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.target as HTMLFormElement)
    const text = (name: string) => String(form.get(name) ?? '')
    this.isSending = true
    const isSaved = await attempt(async () => {
      await updateProfile({ displayName: text('displayName'), about: text('about') })
      await updateMoblog({ title: text('title'), about: text('aboutMoblog') })
    })
    this.isSending = false
    if (isSaved) toast(words().saved)
  }
}

async function choose(picture: MediaItemFragment | null): Promise<void> {
  if (await attempt(() => updateProfile({ avatarMediaId: picture?.id ?? null }))) toast(words().saved)
}

customElements.define('moblog-profile-part', MoblogProfilePart)
