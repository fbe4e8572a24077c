import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { MediaLibraryDocument, type MediaLibraryQuery } from '../../../../generated/graphql/web.ts'
import { attempt } from '../../components/attempt.ts'
import { freshAddress } from '../../components/fresh-address.ts'
import '../../components/empty.ts'
import { hideBroken } from '../../components/hide-broken.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { askUser } from '../../components/sheet.ts'
import { time } from '../../components/time.ts'
import { deleteMedia } from '../../data/media-item.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { byteSize, labelFor } from '../../i18n/format.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'
import { settingsStyle } from './settings-style.ts'

type Library = NonNullable<NonNullable<MediaLibraryQuery['viewer']>['mediaLibrary']>
type Stored = Library['edges'][number]['node']

/** The media files that the user has stored, each with a button that deletes it. */
class MoblogStoredMedia extends MoblogElement {
  static override properties = { avatarId: { attribute: false }, usedBytes: { attribute: false } }
  /** The media that is the user's profile picture. */
  declare avatarId: string | null
  /** How much of their storage the user has used. When it changes, a file has arrived or is gone. */
  declare usedBytes: number | null
  readonly #media = new PagedQuery(
    this,
    MediaLibraryDocument,
    () => ({}),
    ({ viewer }) => viewer?.mediaLibrary,
  )

  static override styles = [
    controls,
    screen,
    settingsStyle,
    partStyle,
    css`
      .row {
        gap: var(--space-3);
      }
      .picture {
        display: grid;
        flex: none;
        place-items: center;
        inline-size: 48px;
        block-size: 48px;
        overflow: hidden;
        border-radius: var(--radius-s);
        background: var(--color-sunken);
        color: var(--color-ink-soft);
      }
      img {
        inline-size: 100%;
        block-size: 100%;
        object-fit: cover;
      }
      /* The icon is there if the picture is not, or could not be loaded. */
      img[src] + svg,
      img:not([src]) {
        display: none;
      }
    `,
  ]

  constructor() {
    super()
    this.avatarId = null
    this.usedBytes = null
  }

  protected override updated(changed: PropertyValues): void {
    if (typeof changed.get('usedBytes') === 'number') this.#media.refresh()
  }

  protected override render() {
    const media = this.#media.items
    const { mediaEmpty, mediaEmptyText } = words()
    if (media === null) return this.#media.problem ? listEnd(this.#media) : rowPlaceholders(3)
    if (media.length === 0)
      return html`<moblog-empty .heading=${mediaEmpty} .text=${mediaEmptyText}></moblog-empty>`
    return html`<div class="section">
        ${repeat(
          media,
          ({ id }) => id,
          (item) => mediaRow(item, item.id === this.avatarId),
        )}
      </div>
      ${listEnd(this.#media)}`
  }
}

function mediaRow(media: Stored, isAvatar: boolean): TemplateResult {
  const { deleteMedia: remove } = words()
  const { access, byteSize: bytes, createdAt, kind, postCount } = media
  // Of a sound, it would show the waveform, which is empty if the sound is quiet.
  const picture = kind === 'AUDIO' ? null : (access?.imageUrl ?? access?.posterUrl ?? null)
  const name = nameOf(media)
  const uses = usesOf(postCount, isAvatar)
  return html`<div class="row">
    <div class="picture">
      ${picture === null ? nothing : html`<img src=${freshAddress(picture, access)} alt="" loading="lazy" @error=${hideBroken} />`}
      ${(kind === 'IMAGE' ? icons.image : moreIcons[kind === 'AUDIO' ? 'microphone' : 'film'])()}
    </div>
    <span>
      <strong dir="auto">${name}</strong>
      <small>${bytes === null ? nothing : html`${byteSize(bytes)} · `}${createdAt === null ? nothing : time(createdAt)}</small>
      ${uses.length === 0 ? nothing : html`<small>${uses.join(' · ')}</small>`}
    </span>
    <button type="button" class="icon-button" aria-label=${labelFor(remove, name)} @click=${() => void removeMedia(media, name, isAvatar)}>
      ${moreIcons.trash()}
    </button>
  </div>`
}

/** What shows a file. The number of posts is null if it is not known. */
function usesOf(postCount: number | null, isAvatar: boolean): string[] {
  const { inPosts, profilePicture } = words()
  const posts = postCount === null || (isAvatar && postCount === 0) ? [] : [inPosts(postCount)]
  return isAvatar ? [...posts, profilePicture] : posts
}

/** The file's title or description, or else of what kind it is. */
function nameOf({ altText, kind, title }: Stored): string {
  const { audio, image, video } = words()
  const kinds = { AUDIO: audio, IMAGE: image, VIDEO: video }
  return title || altText || kinds[kind ?? 'IMAGE']
}

async function removeMedia({ id, postCount }: Stored, name: string, isAvatar: boolean): Promise<void> {
  const { deleteMedia: label, deleteMediaText, deleteMediaTitle } = words()
  const title = deleteMediaTitle(name)
  const answer = await askUser({
    title,
    text: deleteMediaText(postCount, isAvatar),
    name: title,
    choices: [{ key: 'delete', label, icon: moreIcons.trash, isDangerous: true }],
  })
  if (answer === 'delete') await attempt(() => deleteMedia(id))
}

customElements.define('moblog-stored-media', MoblogStoredMedia)
