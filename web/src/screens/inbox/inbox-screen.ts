import { css, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { NotificationsDocument, OwnProfileDocument } from '../../../../generated/graphql/web.ts'
import { attempt } from '../../components/attempt.ts'
import { freshAddress } from '../../components/fresh-address.ts'
import '../../components/avatar.ts'
import '../../components/empty.ts'
import { hideBroken } from '../../components/hide-broken.ts'
import { isolatedHandles } from '../../components/isolated-handles.ts'
import { listEnd } from '../../components/list-state.ts'
import { confirmStep, type Other } from '../../components/person-steps.ts'
import '../../components/more.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { time } from '../../components/time.ts'
import type { LiveNotification } from '../../data/live.ts'
import { markIdsRead, markRead } from '../../data/mark-read.ts'
import { idsToMark, uploadNotice } from '../../data/own-uploads.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { Query } from '../../data/query.ts'
import { controls } from '../../design/controls.ts'
import { alongRow, fewLines } from '../../design/cut-text.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { labelFor } from '../../i18n/format.ts'
import { type InboxRow, rowsOf } from './inbox-rows.ts'
import { words } from './messages.ts'
import { describeFiles, describeNotification } from './notification-text.ts'

const LOOK_AGAIN_MS = 1_000
const MOST_ATTEMPTS = 3
// As many as the server marks at once.
const MOST_MARKED = 100

/** The inbox. New notifications appear at the top while it is open. */
class MoblogInboxScreen extends MoblogElement {
  readonly #inbox = new PagedQuery(
    this,
    NotificationsDocument,
    () => ({}),
    ({ viewer }) => viewer?.notifications,
  )
  // The same number as in the navigation, which is kept up to date.
  readonly #profile = new Query(this, OwnProfileDocument, () => ({}))
  #connected: AbortController | null = null
  readonly #marked = new Set<string>()

  static override styles = [
    controls,
    screen,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-3);
        min-block-size: 4.25rem;
        padding: var(--space-2) var(--space-4);
      }
      li + li .row {
        border-block-start: 1px solid var(--color-line);
      }
      .unread {
        position: relative;
        background: color-mix(in srgb, var(--color-accent-soft) 50%, var(--color-surface));
      }
      .unread::before {
        position: absolute;
        inset-inline-start: 0.3rem;
        border: 0.2rem solid var(--color-accent);
        border-radius: 50%;
        content: "";
      }
      .answers {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        padding: 0 var(--space-4) var(--space-3) calc(44px + var(--space-4) + var(--space-3));
      }
      .answers .button {
        padding-inline: var(--space-4);
      }
      .answers.unread::before {
        content: none;
      }
      .body .soft {
        display: block;
      }
      .picture {
        position: relative;
        flex: none;
      }
      .kind {
        display: grid;
        place-items: center;
        inline-size: 44px;
        block-size: 44px;
        border-radius: 50%;
        background: var(--color-sunken);
        color: var(--color-accent-text);
      }
      moblog-avatar + .kind {
        position: absolute;
        inset-block-end: -4px;
        inset-inline-end: -4px;
        inline-size: 22px;
        block-size: 22px;
        background: var(--color-accent);
        color: var(--color-accent-ink);
      }
      moblog-avatar + .kind svg {
        inline-size: 14px;
        block-size: 14px;
      }
      .shown {
        flex: none;
        inline-size: 48px;
        block-size: 48px;
        border-radius: var(--radius-s);
        background: var(--color-sunken);
        object-fit: cover;
      }
      .body {
        flex: 1 1 min(8rem, 60%);
      }
      .quote {
        color: var(--color-ink-soft);
        ${fewLines(2)}
        ${alongRow}
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    this.#connected = new AbortController()
    addEventListener('moblog-notification', this.#notice, { signal: this.#connected.signal })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#connected?.abort()
  }

  // The answer to a request that is under way may be older than the notification, and replace what the cache has added.
  readonly #notice = (event: Event) => {
    const { id } = (event as CustomEvent<LiveNotification>).detail
    const signal = this.#connected?.signal
    let attempts = 0
    const look = () => {
      const isListed = this.#inbox.items?.some((item) => item.id === id) ?? false
      if (signal?.aborted || isListed || attempts === MOST_ATTEMPTS) return
      attempts += 1
      this.#inbox.refresh()
      setTimeout(look, LOOK_AGAIN_MS)
    }
    setTimeout(look, LOOK_AGAIN_MS)
  }

  get #avatarId(): string | null {
    return this.#profile.data?.viewer?.avatar?.id ?? null
  }

  // What is no news does not count as unread either.
  protected override updated(): void {
    const ids = idsToMark(this.#inbox.items ?? [], this.#avatarId).filter((id) => !this.#marked.has(id))
    if (ids.length === 0) return
    for (const id of ids) this.#marked.add(id)
    // Without a connection, they are marked the next time.
    void markIdsRead(ids.slice(0, MOST_MARKED)).catch(() => {})
  }

  protected override render() {
    const { empty, emptyText, inbox, markRead: label } = words()
    const items = this.#inbox.items
    const newest = items?.[0]
    const rows = items && rowsOf(items, this.#avatarId)
    const unread = this.#profile.data?.viewer?.notifications?.unreadCount ?? 0
    return html`
      <header class="top">
        <h1>${inbox}</h1>
        ${newest && unread > 0 ? html`<button type="button" class="button plain" @click=${() => void attempt(() => markRead(newest.id))}>${label}</button>` : nothing}
      </header>
      <div class="page">
        ${items === null && !this.#inbox.problem ? rowPlaceholders(6) : nothing}
        ${rows?.length === 0 ? html`<moblog-empty .heading=${empty} .text=${emptyText}></moblog-empty>` : nothing}
        ${
          rows && rows.length > 0
            ? html`<ul class="section">${repeat(
                rows,
                ({ id }) => id,
                (row) => html`<li @click=${() => markRowRead(row)}>${this.#row(row)}</li>`,
              )}</ul>`
            : nothing
        }
        ${listEnd(this.#inbox)}
      </div>
    `
  }

  #row({ notifications, isUnread }: InboxRow): TemplateResult {
    const [notification] = notifications
    if (!notification) return html``
    const notices = notifications.flatMap((each) => uploadNotice(each) ?? [])
    const shown =
      notices.length > 1
        ? describeFiles(notices, this.#avatarId)
        : describeNotification(notification, this.#avatarId)
    const { who, icon, text, quote, address, picture } = shown
    const classes = isUnread ? 'row unread' : 'row'
    const content = html`
      <span class="picture">${who ? html`<moblog-avatar .person=${who}></moblog-avatar>` : nothing}<span class="kind">${icon()}</span></span>
      <span class="body">
        ${isUnread ? html`<span class="only-heard">${words().unread}</span>` : nothing}
        ${who ? html`<strong><bdi>${who.displayName}</bdi></strong>` : nothing} ${text}
        ${quote === null ? nothing : html`<span class="quote" dir="auto">${isolatedHandles(quote)}</span>`}
        <span class="soft">${time(notification.createdAt)}</span>
      </span>
      ${picture ? html`<img class="shown" src=${freshAddress(picture.url, picture)} alt=${picture.altText ?? ''} loading="lazy" decoding="async" .style=${`background-color: ${picture.dominantColor ?? ''}`} @error=${hideBroken} />` : nothing}
    `
    if (address === null) return html`<div class=${classes}>${content}</div>`
    const asking = askingIn(notification)
    return html`<a class=${classes} href=${address}>${content} ${picture ? nothing : moreIcons.forward()}</a>${asking ? answers(asking, isUnread) : nothing}`
  }
}

/** Marks a row as read that was opened or answered. Without a connection, it stays unread. */
function markRowRead({ notifications, isUnread }: InboxRow): void {
  if (!isUnread) return
  const ids = notifications.filter(({ readAt }) => readAt === null).map(({ id }) => id)
  void markIdsRead(ids.slice(0, MOST_MARKED)).catch(() => {})
}

/** The user whose friend request awaits an answer. */
function askingIn(notification: LiveNotification): Other | null {
  const from = notification.__typename === 'FriendRequestReceived' ? notification.from : null
  return from?.relationship === 'REQUEST_RECEIVED' ? from : null
}

function answers(user: Other, isUnread: boolean): TemplateResult {
  const { accept, decline } = words()
  const button = (step: 'accept' | 'decline', label: string, kind: string) =>
    html`<button type="button" class=${kind} aria-label=${labelFor(label, user.displayName)} @click=${() => void confirmStep(step, user)}>${label}</button>`
  return html`<div class=${isUnread ? 'answers unread' : 'answers'}>${button('accept', accept, 'button')} ${button('decline', decline, 'button quiet')}</div>`
}

customElements.define('moblog-inbox-screen', MoblogInboxScreen)
