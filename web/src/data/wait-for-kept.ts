import type { Exchange } from '@urql/core'
import { fromPromise, fromValue, mergeMap, pipe } from 'wonka'

/**
 * Holds operations back until the cache has read what this device has kept. Otherwise, the first queries would find
 * nothing in it, and without a connection they would have no result. It belongs before the cache.
 *
 * @param isRead resolves when the cache has read it
 * @param longestMs how long to wait, because the storage of the browser may hang
 */
export function waitForKept(isRead: Promise<void>, longestMs = 3_000): Exchange {
  return ({ forward }) =>
    (operations) => {
      let mayPass = false
      const pass = new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, longestMs)
        void isRead.then(() => {
          clearTimeout(limit)
          resolve()
        })
      }).then(() => {
        mayPass = true
      })
      return pipe(
        operations,
        // All of them keep their order.
        mergeMap((operation) => (mayPass ? fromValue(operation) : fromPromise(pass.then(() => operation)))),
        forward,
      )
    }
}
