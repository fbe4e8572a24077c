import { receiveShare } from '../uploads/share-target.ts'
import { chooseAnswer } from './answer.ts'
import { keptOrFetched } from './kept-file.ts'
import { ownPage } from './own-page.ts'
import { keepPicture, keptPicture, PICTURES, removeOld, sameKeptPicture } from './picture-cache.ts'
import { CLIENT_CACHE, oldCaches } from './versions.ts'
import type { FetchEvent, WorkerScope } from './worker-scope.ts'

// The build replaces these texts (web/service-worker-build.ts).
const FILES: readonly string[] = JSON.parse('PRECACHE_FILES')
const VERSION = 'PRECACHE_VERSION'
const ENTRY = 'PRECACHE_ENTRY'

const CLIENT = `${CLIENT_CACHE}${VERSION}`

const worker = globalThis as unknown as WorkerScope
const { scope } = worker.registration
const files = new Set(FILES)

worker.addEventListener('install', (event) => {
  event.waitUntil(keepClient().then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', (event) => {
  // Without storage, there is nothing to delete.
  event.waitUntil(
    deleteOld()
      .catch(() => {})
      .then(() => worker.clients.claim()),
  )
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const answer = chooseAnswer(request, scope, files)
  if (answer === 'page') event.respondWith(fromClient(scope))
  else if (answer === 'file') event.respondWith(fromClient(request.url))
  else if (answer === 'old file') event.respondWith(fromAnyVersion(request))
  else if (answer === 'picture') event.respondWith(picture(event))
  else if (answer === 'share') event.respondWith(receiveShare(request, scope))
})

async function keepClient(): Promise<void> {
  const page = await ownPage(() => fetch(scope, { cache: 'no-store' }), ENTRY)
  const cache = await caches.open(CLIENT)
  await cache.addAll(FILES.filter((name) => name !== 'index.html').map((name) => `${scope}${name}`))
  await cache.put(scope, page)
}

async function deleteOld(): Promise<void> {
  await Promise.all(oldCaches(await caches.keys(), CLIENT).map((name) => caches.delete(name)))
  await removeOld(await caches.open(PICTURES), Date.now()).catch(() => {})
}

function fromClient(url: string): Promise<Response> {
  return keptOrFetched(
    async () => (await caches.open(CLIENT)).match(url),
    () => fetch(url),
  )
}

function fromAnyVersion(request: Request): Promise<Response> {
  return keptOrFetched(
    () => caches.match(request.url),
    () => fetch(request),
  )
}

/** Pictures never change at their address, so one that is kept needs no request. Without storage, it is fetched. */
async function picture(event: FetchEvent): Promise<Response> {
  const { request } = event
  const cache = await caches.open(PICTURES).catch(() => null)
  const kept = cache && (await keptPicture(cache, request.url, Date.now()).catch(() => null))
  if (kept) return kept
  // The browser would keep another copy for a year, which the app cannot delete.
  const isOwn = new URL(request.url).origin === new URL(scope).origin
  const response = await fetch(request, cache && isOwn ? { cache: 'no-store' } : {}).catch(() => null)
  if (response === null) {
    const same = cache && (await sameKeptPicture(cache, request.url, Date.now()).catch(() => null))
    return same ?? Response.error()
  }
  if (cache && response.status === 200) {
    const copy = response.clone()
    event.waitUntil(keepPicture(cache, request.url, copy, Date.now()).catch(() => {}))
  }
  return response
}
