import type { AnyVariables } from '@urql/core'
import type { Document } from '../../../generated/graphql/web.ts'
import { api } from './client.ts'
import { type OutboxStore, openOutboxStore } from './outbox-store.ts'

let store: OutboxStore | null = null

/** Opens the outbox of the user, and sends what could not be sent before the app was closed. */
export async function openOutbox(userId: string): Promise<void> {
  const opened = openOutboxStore(userId)
  store = opened
  for (const { id, document, variables } of await opened.all()) void deliver(opened, id, document, variables)
}

/** A mutation that the outbox keeps, with the answer of the server, which may come much later. */
export type Kept<Data> = { answer: Promise<Data> }

/**
 * Sends a mutation for certain: it is stored first, and sent again until the server answers, also after a restart. The
 * input needs a `clientMutationId`, or repeating it must change nothing.
 *
 * @returns when it is stored. The cache shows the expected result at once.
 */
export async function keepInOutbox<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
): Promise<Kept<Data>> {
  if (!store) throw new Error('the outbox is not open')
  const id = crypto.randomUUID()
  await store.add({ id, document, variables: { ...variables } })
  return { answer: deliver(store, id, document, variables) as Promise<Data> }
}

/** Like `keepInOutbox`, but returns the answer of the server. */
export async function sendFromOutbox<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  return (await keepInOutbox(document, variables)).answer
}

async function deliver(
  opened: OutboxStore,
  id: string,
  document: string,
  variables: AnyVariables,
): Promise<unknown> {
  const { data, error } = await api().mutation(document, variables, { isDurable: true }).toPromise()
  await opened.remove(id)
  if (!data) throw error ?? new Error('the answer is empty')
  return data
}
