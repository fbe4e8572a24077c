import {
  type AnyVariables,
  Client,
  createRequest,
  fetchExchange,
  type GraphQLRequest,
  type OperationResult,
  type OperationResultSource,
} from '@urql/core'
import { makeDefaultStorage } from '@urql/exchange-graphcache/default-storage'
import type { Document } from '../../../generated/graphql/web.ts'
import { createCache } from './cache.ts'
import { withoutExpiredPosts } from './expired-posts.ts'
import { heardFetch } from './heard-fetch.ts'
import { hideExpired } from './hide-expired.ts'
import { type Forget, forgetLostMedia } from './lost-media.ts'
import { answerOnDevice, forgetLostPosts } from './lost-posts.ts'
import { type Outbox, outboxExchange } from './outbox-exchange.ts'
import { apiAddress } from './post-document.ts'
import { createAuthorizedFetch } from './session.ts'
import { serverNow } from './session-store.ts'
import { waitForKept } from './wait-for-kept.ts'

const MAX_AGE_DAYS = 14

let client: Client | null = null
let authorizedFetch = fetch

/** The name of the database with what the client has read for a user. */
export const cacheName = (userId: string): string => `moblog-cache-${userId}`

/**
 * Creates the client of the signed-in user. What it reads is kept in the browser, apart from other users' data.
 *
 * @param forget deletes from this device what other code has kept of media that are lost
 */
export function openClient(userId: string, outbox: Outbox, forget: Forget): void {
  const idbName = cacheName(userId)
  let onCacheHydrated = () => {}
  const isRead = new Promise<void>((resolve) => {
    onCacheHydrated = resolve
  })
  const storage = makeDefaultStorage({ idbName, maxAge: MAX_AGE_DAYS, onCacheHydrated })
  authorizedFetch = createAuthorizedFetch(userId)
  client = new Client({
    url: apiAddress(),
    preferGetMethod: false,
    fetch: authorizedFetch,
    fetchSubscriptions: true,
    requestPolicy: 'cache-and-network',
    exchanges: [
      forgetLostMedia(forget),
      hideExpired(serverNow),
      waitForKept(isRead),
      forgetLostPosts(),
      createCache(withoutExpiredPosts(storage, idbName, serverNow)),
      answerOnDevice(),
      outboxExchange(outbox),
      fetchExchange,
    ],
  })
}

/** The client of the signed-in user. */
export function api(): Client {
  if (!client) throw new Error('there is no client, because nobody is signed in')
  return client
}

let askedCount = 0

/** Asks the server once, without the cache. */
export async function ask<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  return dataOf(await askOnce(document, variables))
}

/** Like `ask`, but throws if a part is missing because of an error: null then means that there is nothing. */
export async function askForAll<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const result = await askOnce(document, variables)
  if (result.error) throw result.error
  return dataOf(result)
}

function askOnce<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
): Promise<OperationResult<Data, Variables>> {
  const request = requestOfItsOwn(document, variables)
  return api().executeQuery<Data, Variables>(request, { requestPolicy: 'network-only' }).toPromise()
}

/**
 * A request with a key of its own. Otherwise, urql takes the same query of an element for this one, and does not look into
 * the cache for it. Of mutations that are the same, it would show the expected result of one only.
 */
export function requestOfItsOwn<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
): GraphQLRequest<Data, Variables> {
  askedCount += 1
  // The keys of urql are not negative.
  return { ...createRequest<Data, Variables>(document, variables), key: -askedCount }
}

/** Sends a mutation. Expected failures are part of its data. Throws when the server cannot be reached or has an error. */
export async function send<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  return dataOf(await api().mutation<Data, Variables>(document, variables).toPromise())
}

/**
 * Starts a subscription.
 *
 * @param hear is called whenever something arrives, also if it only keeps the connection open
 */
export function receive<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
  hear: () => void,
): OperationResultSource<OperationResult<Data, Variables>> {
  return api().subscription<Data, Variables>(document, variables, {
    fetch: heardFetch(authorizedFetch, hear),
  })
}

/** Takes what another window has received from a subscription, as if it had arrived here. */
export function receiveHere<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
  data: Data,
): void {
  const context = { isOnDevice: true, onDevice: data }
  void api().executeSubscription(requestOfItsOwn(document, variables), context).toPromise()
}

function dataOf<Data, Variables extends AnyVariables>({
  data,
  error,
}: OperationResult<Data, Variables>): Data {
  if (data === undefined || data === null) throw error ?? new Error('the answer is empty')
  return data
}
