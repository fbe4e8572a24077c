import { setTimeout as sleep } from 'node:timers/promises'
import type { Feed } from '../platform/feed/feed.ts'
import type { Log } from '../platform/log.ts'
import { callPeer, type PeerClient } from '../platform/subgraph/peer.ts'
import { communicationOperation } from './internal-operations/communication.ts'

/** The sessions and users that were revoked while their access tokens may still be valid; see `followSessionRevocations`. */
export type SessionRevocations = {
  /** Whether the session revocations have been loaded. If the gateway has just started, waits a little for them. */
  isKnown(): Promise<boolean>
  has(id: string): boolean
  /** Returns a signal that aborts when one of these ids is revoked. It works until `during` aborts. */
  whenEnded(ids: readonly string[], during: AbortSignal): AbortSignal
  close(): Promise<void>
}

const TOPIC = 'session revocations'
// The feed reports revocations immediately. This regular poll limits how long a token of a revoked session works if the
// feed misses one.
const LOOK_ANYWAY_MS = 1_000
// The first poll is usually under way when the first request arrives.
const KNOWN_WITHIN_MS = 2_000
// No token is accepted until the first poll succeeds, so poll more often.
const LOOK_AGAIN_MS = 100

/**
 * Keeps the set of session revocations up to date. Access tokens are checked by their signature alone. Only this small
 * set stops the token of a revoked session before it expires.
 */
export function followSessionRevocations(
  communication: PeerClient,
  feed: Feed,
  log: Log,
): SessionRevocations {
  const ended = new Map<string, number>()
  const listeners = new Set<(id: string) => void>()
  const stopped = new AbortController()
  let since: Date | null = null
  const known = Promise.withResolvers<boolean>()
  let wake = () => {}
  const stopListening = feed.listen((topic) => {
    if (topic === null || topic === TOPIC) wake()
  })

  const look = async () => {
    const operation = communicationOperation('session-revocations')
    const { sessionRevocations: page } = await callPeer(communication, operation, { since })
    for (const { id, until } of page.sessionRevocations) {
      if (ended.has(id)) continue
      ended.set(id, new Date(until).getTime())
      for (const listener of [...listeners]) listener(id)
    }
    since = new Date(page.asOf)
    known.resolve(true)
    for (const [id, until] of ended) if (until < Date.now()) ended.delete(id)
  }
  const follow = async () => {
    while (!stopped.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      await look().catch((error) => log.debug({ err: error }, 'loading session revocations failed'))
      await Promise.race([
        woken,
        sleep(since ? LOOK_ANYWAY_MS : LOOK_AGAIN_MS, undefined, { signal: stopped.signal }).catch(() => {}),
      ])
    }
  }
  const following = follow()

  return {
    isKnown: () =>
      since ? known.promise : Promise.race([known.promise, sleep(KNOWN_WITHIN_MS, false, { ref: false })]),
    has: (id) => ended.has(id),
    whenEnded(ids, during) {
      const over = new AbortController()
      const listener = (id: string) => {
        if (ids.includes(id)) over.abort()
      }
      listeners.add(listener)
      during.addEventListener('abort', () => listeners.delete(listener), { once: true })
      return over.signal
    },
    async close() {
      stopListening()
      stopped.abort()
      await following
    },
  }
}
