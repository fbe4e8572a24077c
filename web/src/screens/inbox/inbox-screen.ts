import { css, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { NotificationsDocument } from '../../../../generated/graphql/web.ts'
import { attempt } from '../../components/attempt.ts'
import { freshAddress } from '../../components/fresh-address.ts'
import '../../components/avatar.ts'
import '../../components/empty.ts'
import { isolatedHandles } from '../../components/isolated-handles.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { time } from '../../components/time.ts'
import { markRead } from '../../data/account.ts'
import type { LiveNotification } from '../../data/live.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { controls } from '../../design/controls.ts'
import { alongRow, fewLines } from '../../design/cut-text.ts'
import { icons } from '../../design/icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'
import { describeNotification } from './notification-text.ts'

const LOOK_AGAIN_MS = 1_000
const MOST_ATTEMPTS = 3

/** The inbox. New notifications appear at the top while it is open. */
class MoblogInboxScreen extends MoblogElement {
  readonly #inbox = new PagedQuery(
    this,
    NotificationsDocument,
    () => ({}),
    ({ viewer }) => viewer?.notifications,
  )
  #connected: AbortController | null = null

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
        inline-size: 0.4rem;
        block-size: 0.4rem;
        border-radius: 50%;
        background: var(--color-accent);
        content: "";
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

  protected override render() {
    const { empty, emptyText, inbox, markRead: label } = words()
    const items = this.#inbox.items
    const newest = items?.[0]
    const unread = this.#inbox.first?.viewer?.notifications?.unreadCount ?? 0
    return html`
      <header class="top">
        <h1>${inbox}</h1>
        ${newest && unread > 0 ? html`<button type="button" class="button plain" @click=${() => void attempt(() => markRead(newest.id))}>${label}</button>` : nothing}
      </header>
      <div class="page">
        ${items === null && !this.#inbox.problem ? rowPlaceholders(6) : nothing}
        ${items?.length === 0 ? html`<moblog-empty .heading=${empty} .text=${emptyText}></moblog-empty>` : nothing}
        ${
          items && items.length > 0
            ? html`<ul class="section">${repeat(
                items,
                ({ id }) => id,
                (item) => html`<li>${this.#row(item)}</li>`,
              )}</ul>`
            : nothing
        }
        ${listEnd(this.#inbox)}
      </div>
    `
  }

  #row(notification: LiveNotification): TemplateResult {
    const { who, icon, text, quote, address, picture } = describeNotification(notification)
    const isUnread = notification.readAt === null
    const classes = isUnread ? 'row unread' : 'row'
    const content = html`
      <span class="picture">${who ? html`<moblog-avatar .person=${who}></moblog-avatar>` : nothing}<span class="kind">${icon()}</span></span>
      <span class="body">
        ${isUnread ? html`<span class="only-heard">${words().unread}</span>` : nothing}
        ${who ? html`<strong><bdi>${who.displayName}</bdi></strong>` : nothing} ${text}
        ${quote === null ? nothing : html`<span class="quote" dir="auto">${isolatedHandles(quote)}</span>`}
        <span class="soft">${time(notification.createdAt)}</span>
      </span>
      ${picture ? html`<img class="shown" src=${freshAddress(picture.url, picture)} alt=${picture.altText ?? ''} loading="lazy" decoding="async" .style=${`background-color: ${picture.dominantColor ?? ''}`} />` : nothing}
    `
    return address === null
      ? html`<div class=${classes}>${content}</div>`
      : html`<a class=${classes} href=${address}>${content} ${picture ? nothing : icons.forward()}</a>`
  }
}

customElements.define('moblog-inbox-screen', MoblogInboxScreen)
