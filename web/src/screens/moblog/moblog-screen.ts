import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import {
  BlockedUsersDocument,
  MoblogPostsDocument,
  type MoblogPostsQuery,
} from '../../../../generated/graphql/web.ts'
import { goBack } from '../../app/go-back.ts'
import { addressOf } from '../../app/routes.ts'
import '../../components/avatar.ts'
import '../../components/empty.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { confirmStep, offerSteps, stepLabel } from '../../components/person-steps.ts'
import { postPlaceholders } from '../../components/placeholders.ts'
import '../../components/post-card.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { STEPS } from '../../data/people.ts'
import { Query } from '../../data/query.ts'
import { markMoblogSeen } from '../../data/seen-posts.ts'
import { readSession } from '../../data/session-store.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { narrowClass } from '../../design/narrow.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { month } from '../../i18n/format.ts'
import { words } from './messages.ts'
import { moblogStyle } from './moblog-style.ts'

const MOST_BLOCKED = 100

type Moblog = NonNullable<MoblogPostsQuery['moblog']>
type Owner = NonNullable<Moblog['owner']>

/** A moblog: who writes it, what the viewer can do about them, and the posts that the viewer may see. */
class MoblogMoblogScreen extends MoblogElement {
  static override properties = { userId: { attribute: false } }
  declare userId: string
  readonly #posts = new PagedQuery(
    this,
    MoblogPostsDocument,
    () => ({ id: this.userId }),
    ({ moblog }) => moblog?.posts,
  )
  /** A user whom the viewer has blocked looks as if they did not exist, except in this list. */
  readonly #blocked = new Query(this, BlockedUsersDocument, () =>
    this.#posts.first?.moblog === null ? { first: MOST_BLOCKED } : null,
  )
  readonly #seen = new Set<string>()
  #connected: AbortController | null = null
  #marked: string | null = null

  static override styles = [controls, screen, moblogStyle]

  constructor() {
    super()
    this.userId = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#connected = new AbortController()
    addEventListener('moblog-person-changed', this.#noteChange, { signal: this.#connected.signal })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#connected?.abort()
  }

  protected override render() {
    const { back, notFound } = words()
    const moblog = this.#posts.first?.moblog
    const owner = moblog?.owner ?? null
    const name = (owner ?? this.#blockedUser)?.displayName
    const isSettled = moblog !== null || this.#blocked.data !== null || this.#blocked.problem !== null
    return html`
      <header class="top">
        ${owner?.relationship === 'SELF' ? nothing : html`<a class="icon-button back" href=${addressOf({ name: 'home' })} aria-label=${back} @click=${goBack}>${icons.back()}</a>`}
        <h1><bdi>${name ?? (moblog === null && isSettled ? notFound : '')}</bdi></h1>
        ${owner ? this.#tools(owner) : nothing}
      </header>
      <div class="page" @moblog-post-seen=${this.#noteSeen}>
        ${moblog && owner ? this.#hero(moblog, owner) : nothing}
        ${moblog === null && isSettled ? this.#missing() : nothing}
        ${(moblog === undefined || !isSettled) && !this.#posts.problem ? postPlaceholders(2) : this.#unsent()}
        ${moblog && owner ? this.#list(owner) : nothing} ${listEnd(this.#posts)}
      </div>
    `
  }

  get #blockedUser() {
    const users = this.#blocked.data?.viewer?.blockedUsers?.edges ?? []
    return users.find(({ node }) => node.id === this.userId)?.node
  }

  #unsent(): TemplateResult | typeof nothing {
    if (this.userId !== readSession()?.userId) return nothing
    return html`<moblog-unsent-posts hidden .listed=${this.#posts.items} @moblog-post-answered=${() => this.#posts.refresh()}></moblog-unsent-posts>`
  }

  #missing(): TemplateResult {
    const { blocked, blockedText, blockedUsers, missing, missingText } = words()
    const user = this.#blockedUser
    if (!user) return html`<moblog-empty .heading=${missing} .text=${missingText}></moblog-empty>`
    const other = { ...user, relationship: 'BLOCKED' as const }
    return html`<moblog-empty role="status" .heading=${blocked(user.displayName)} .text=${blockedText}>
      <div class="steps">
        <button type="button" class="button" @click=${() => void confirmStep('unblock', other)}>${stepLabel('unblock')}</button>
        <a class="button quiet" href=${addressOf({ name: 'settings', part: 'blocked' })}>${blockedUsers}</a>
      </div>
    </moblog-empty>`
  }

  #tools(owner: Owner): TemplateResult {
    if (owner.relationship === 'SELF') {
      return html`<a class="icon-button" href=${addressOf({ name: 'settings', part: null })} aria-label=${words().settings}>${icons.settings()}</a>`
    }
    const others = STEPS[owner.relationship].slice(owner.relationship === 'FRIEND' ? 0 : 1)
    if (others.length === 0 && !owner.isMuted) return html``
    return html`<button type="button" class="icon-button" aria-label=${words().more} @click=${() => void offerSteps(others, owner)}>${icons.more()}</button>`
  }

  #hero({ title, about, postCount, access }: Moblog, owner: Owner): TemplateResult {
    const { friends, joined, muted, online, page, posts, requestedYou } = words()
    return html`<section class="hero">
      <moblog-avatar .person=${owner} ?online=${owner.isOnline && owner.relationship !== 'SELF'}></moblog-avatar>
      <h2 class=${narrowClass(title || owner.displayName)} dir="auto">${title || owner.displayName}</h2>
      <p class="facts"><bdi>@${owner.handle}</bdi>${owner.isOnline && owner.relationship !== 'SELF' ? html`<span class="online">${online}</span>` : nothing}<span>${posts(postCount)}</span><span>${joined(month(owner.createdAt))}</span></p>
      ${(about ?? owner.about) === null ? nothing : html`<p class="about" dir="auto">${about ?? owner.about}</p>`}
      ${owner.isMuted ? html`<p class="muted">${moreIcons.mute()} ${muted}</p>` : nothing}
      ${owner.relationship === 'FRIEND' ? html`<p class="friends">${icons.check()} ${friends}</p>` : nothing}
      ${owner.relationship === 'REQUEST_RECEIVED' ? html`<p><strong>${requestedYou(owner.displayName)}</strong></p>` : nothing}
      <div class="steps">${this.#mainSteps(owner)}</div>
      ${access ? html`<a class="soft" href=${access.url} target="_blank" rel="noopener">${page}</a>` : nothing}
    </section>`
  }

  #mainSteps(owner: Owner): TemplateResult | typeof nothing {
    if (owner.relationship === 'SELF') {
      return html`<a class="button quiet" href=${addressOf({ name: 'settings', part: 'profile' })}>${words().edit}</a>`
    }
    if (owner.relationship === 'FRIEND') return nothing
    const steps = STEPS[owner.relationship].filter((step) => step !== 'block')
    return html`${steps.map(
      (
        step,
        index,
      ) => html`<button type="button" class=${index === 0 && step !== 'cancel' ? 'button' : 'button quiet'} @click=${() => void confirmStep(step, owner)}>
        ${stepLabel(step)}
      </button>`,
    )}`
  }

  #list(owner: Owner): TemplateResult {
    const posts = this.#posts.items ?? []
    const { empty, emptyFriend, emptyOwn, write } = words()
    if (posts.length === 0) {
      return owner.relationship === 'SELF'
        ? html`<moblog-empty drawing="picture" .heading=${empty} .text=${emptyOwn}><a class="button" href=${addressOf({ name: 'write' })}>${write}</a></moblog-empty>`
        : html`<moblog-empty drawing="picture" .heading=${empty} .text=${owner.relationship === 'FRIEND' ? '' : emptyFriend}></moblog-empty>`
    }
    return html`${repeat(
      posts,
      ({ id }) => id,
      (post) => html`<moblog-post-card .post=${post}></moblog-post-card>`,
    )}`
  }

  // Marks the moblog as seen up to the newest post that was on the screen.
  readonly #noteSeen = ({ detail }: CustomEvent<string>) => {
    this.#seen.add(detail)
    const moblog = this.#posts.first?.moblog
    const newest = this.#posts.items?.find(({ id }) => this.#seen.has(id))
    if (!moblog || !newest || moblog.unseenCount === 0 || newest.id === this.#marked) return
    this.#marked = newest.id
    void markMoblogSeen(moblog.id, newest.id)
  }

  // A step changes which posts the viewer may see.
  readonly #noteChange = (event: Event) => {
    if ((event as CustomEvent<string>).detail !== this.userId) return
    // In the place of the posts of a blocked user, it says that they are blocked.
    event.preventDefault()
    this.#posts.refresh()
  }
}

customElements.define('moblog-moblog-screen', MoblogMoblogScreen)
