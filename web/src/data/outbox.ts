import type { AnyVariables } from '@urql/core'
import type { Document } from '../../../generated/graphql/web.ts'
import { oneWindowAtATime } from '../browser-locks.ts'
import { newId } from '../new-id.ts'
import { api, requestOfItsOwn } from './client.ts'
import { type Outbox, SentElsewhere, Withdrawn } from './outbox-exchange.ts'
import { type Letter, type OutboxStore, openOutboxStore, outboxName } from './outbox-store.ts'

let store: OutboxStore | null = null
/** The posts in the outbox, by the ids of their letters. A list of posts that was read shows them by itself. */
export const unsentPosts = new Map<string, unknown>()
/** Tells as the event `change` that a post was put into the outbox, or is there no longer. */
export const unsentPostsChanges = new EventTarget()
/** The channel that tells the windows of the browser which letters were withdrawn from an outbox. */
export const withdrawnIn = (outbox: string): string => `${outbox}-withdrawn`
/** The answers to letters of an earlier visit, with what they were written from. */
export const adopted: { draft: unknown; answer: Promise<unknown> }[] = []
/** The letters that this window has handed to the client. */
const handedIn = new Set<string>()

/** Opens the outbox of the user. The client sends what could not be sent before the app was closed. */
export function openOutbox(userId: string): Outbox {
  const opened = openOutboxStore(userId)
  store = opened
  unsentPosts.clear()
  return {
    alone: (work) => oneWindowAtATime(outboxName(userId), work),
    letters: opened.all,
    remove: opened.remove,
    noteSent: opened.noteSent,
    isOnline: () => navigator.onLine,
    adopt({ id, document, variables, draft }) {
      if (handedIn.has(id)) return
      handedIn.add(id)
      // The window that has written it tells its user about failures, unless it is closed and there is something to go on with.
      const answer = deliver({ id, document, variables, draft })
      answer.catch(() => {})
      if (draft !== undefined) adopted.push({ draft, answer })
    },
    onWithdrawn(listener) {
      new BroadcastChannel(withdrawnIn(outboxName(userId))).onmessage = ({ data }) => listener(String(data))
    },
    onOnline: (listener) => addEventListener('online', listener),
  }
}

/** The letters in the outbox that is open. */
export function openedStore(): OutboxStore {
  if (!store) throw new Error('the outbox is not open')
  return store
}

/** A mutation that the outbox keeps, with the answer of the server, which may come much later. */
export type Kept<Data> = { answer: Promise<Data> }

/**
 * Sends a mutation for certain: it is stored first, and sent again until the server answers, also after a restart. The
 * input needs a `clientMutationId`, or repeating it must change nothing.
 *
 * @param draft what the user has written it from
 * @returns when it is stored. The cache shows the expected result at once.
 */
export async function keepInOutbox<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
  draft?: unknown,
): Promise<Kept<Data>> {
  const letters = openedStore()
  const id = newId()
  handedIn.add(id)
  const letter: Letter = {
    id,
    document,
    variables: { ...variables },
    ...(draft !== undefined && { draft }),
  }
  await letters.add(letter)
  return { answer: deliver(letter) as Promise<Data> }
}

/** Like `keepInOutbox`, but returns the answer of the server. */
export async function sendFromOutbox<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  return (await keepInOutbox(document, variables)).answer
}

async function deliver({ id: letterId, document, variables, draft }: Letter): Promise<unknown> {
  // Only posts have one.
  if (draft !== undefined) unsentPosts.set(letterId, draft)
  unsentPostsChanges.dispatchEvent(new Event('change'))
  const { data, error } = await api()
    .executeMutation(requestOfItsOwn(document, variables), { letterId })
    .toPromise()
  unsentPosts.delete(letterId)
  unsentPostsChanges.dispatchEvent(new Event('change'))
  // The other window has the answer, and tells its user about failures; or the user does not want one.
  if (error?.networkError instanceof SentElsewhere || error?.networkError instanceof Withdrawn)
    return new Promise(() => {})
  if (!data) throw error ?? new Error('the answer is empty')
  return data
}
