import { css, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import {
  FriendListDocument,
  type FriendListQuery,
  FriendRequestsDocument,
  type FriendRequestsQuery,
} from '../../../../generated/graphql/web.ts'
import { goBack } from '../../app/go-back.ts'
import { addressOf, PLACES } from '../../app/routes.ts'
import '../../components/empty.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { confirmStep, offerSteps, stepLabel } from '../../components/person-steps.ts'
import '../../components/person-row.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { type PersonStep, STEPS } from '../../data/people.ts'
import { Query } from '../../data/query.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { labelFor } from '../../i18n/format.ts'
import { words } from './messages.ts'

const MOST_REQUESTS = 50

/** The viewer's friends, and the friend requests that await an answer. */
class MoblogFriendsScreen extends MoblogElement {
  readonly #friends = new PagedQuery(
    this,
    FriendListDocument,
    () => ({}),
    ({ viewer }) => viewer?.friends,
  )
  readonly #received = new Query(this, FriendRequestsDocument, () => ({
    direction: 'RECEIVED' as const,
    first: MOST_REQUESTS,
  }))
  readonly #sent = new Query(this, FriendRequestsDocument, () => ({
    direction: 'SENT' as const,
    first: MOST_REQUESTS,
  }))

  static override styles = [
    controls,
    screen,
    css`
      moblog-person-row + moblog-person-row {
        border-block-start: 1px solid var(--color-line);
      }
      .icon-button.more {
        display: inline-grid;
        margin: 0;
        color: var(--color-ink-soft);
      }
      moblog-person-row .button {
        padding-inline: var(--space-4);
      }
    `,
  ]

  protected override render() {
    const { back, empty, emptyText, find, friends, received, sent } = words()
    const items = this.#friends.items
    return html`
      <header class="top">
        <a class="icon-button back" href=${addressOf({ name: 'home' })} aria-label=${back} @click=${goBack}>${icons.back()}</a>
        <h1>${friends}</h1>
        <a class="icon-button" href=${addressOf({ name: 'discover' }) + PLACES.search} aria-label=${find}>${icons.search()}</a>
      </header>
      <div class="page">
        ${this.#requests(received, this.#received.data, ['accept', 'decline'])}
        ${items === null && !this.#friends.problem ? rowPlaceholders(5) : nothing}
        ${items?.length === 0 ? html`<moblog-empty .heading=${empty} .text=${emptyText}><a class="button" href=${addressOf({ name: 'discover' }) + PLACES.search}>${find}</a></moblog-empty>` : nothing}
        ${
          items && items.length > 0
            ? html`${this.#hasRequests() ? html`<h2 class="heading">${friends}</h2>` : nothing}
              <div class="section">${repeat(
                items,
                ({ id }) => id,
                (friend) => friendRow(friend),
              )}</div>`
            : nothing
        }
        ${listEnd(this.#friends)} ${this.#requests(sent, this.#sent.data, ['cancel'])}
      </div>
    `
  }

  #hasRequests(): boolean {
    return (this.#received.data?.viewer?.friendRequests?.edges.length ?? 0) > 0
  }

  #requests(
    heading: string,
    data: FriendRequestsQuery | null,
    steps: PersonStep[],
  ): TemplateResult | typeof nothing {
    const requests = data?.viewer?.friendRequests?.edges.map(({ node }) => node) ?? []
    if (requests.length === 0) return nothing
    return html`<h2 class="heading">${heading}</h2>
      <div class="section">
        ${repeat(
          requests,
          ({ user }) => user.id,
          ({ user, direction }) => html`<moblog-person-row .person=${user}>
            ${steps.map(
              (step) => html`<button
                type="button"
                class=${step === 'accept' ? 'button' : step === 'decline' ? 'icon-button' : 'button quiet'}
                aria-label=${labelFor(stepLabel(step), user.displayName)}
                @click=${() => confirmStep(step, { ...user, relationship: direction === 'SENT' ? 'REQUEST_SENT' : 'REQUEST_RECEIVED' })}
              >
                ${step === 'decline' ? moreIcons.close() : step === 'cancel' ? words().withdraw : stepLabel(step)}
              </button>`,
            )}
          </moblog-person-row>`,
        )}
      </div>`
  }
}

type Friend = NonNullable<NonNullable<FriendListQuery['viewer']>['friends']>['edges'][number]['node']

function friendRow(friend: Friend): TemplateResult {
  const { more, muted, online } = words()
  const notes = [...(friend.isOnline ? [online] : []), ...(friend.isMuted ? [muted] : [])]
  return html`<moblog-person-row .person=${friend} ?online=${friend.isOnline} .note=${notes.length > 0 ? notes.join(' · ') : null}>
    <button type="button" class="icon-button more" aria-label=${more(friend.displayName)} @click=${() => void offerSteps(STEPS.FRIEND, friend)}>${icons.more()}</button>
  </moblog-person-row>`
}

customElements.define('moblog-friends-screen', MoblogFriendsScreen)
