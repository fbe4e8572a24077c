import { receiveShare } from '../uploads/share-target.ts'
import { chooseAnswer } from './answer.ts'
import { PICTURES } from './picture-cache.ts'
import type { WorkerScope } from './worker-scope.ts'

// The build replaces both texts (web/service-worker-build.ts).
const FILES: readonly string[] = JSON.parse('PRECACHE_FILES')
const VERSION = 'PRECACHE_VERSION'

const CLIENT = `moblog-client-${VERSION}`
const MOST_PICTURES = 400

const worker = globalThis as unknown as WorkerScope
const { scope } = worker.registration
const files = new Set(FILES)

worker.addEventListener('install', (event) => {
  event.waitUntil(keepClient().then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(deleteOldVersions().then(() => worker.clients.claim()))
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const answer = chooseAnswer(request, scope, files)
  if (answer === 'page') event.respondWith(fromClient(scope))
  else if (answer === 'file') event.respondWith(fromClient(request.url))
  else if (answer === 'picture') event.respondWith(picture(request))
  else if (answer === 'share') event.respondWith(receiveShare(request, `${scope}#/write`))
})

async function keepClient(): Promise<void> {
  const cache = await caches.open(CLIENT)
  await cache.addAll([
    scope,
    ...FILES.filter((name) => name !== 'index.html').map((name) => `${scope}${name}`),
  ])
}

async function deleteOldVersions(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith('moblog-client-') && name !== CLIENT)
  await Promise.all(old.map((name) => caches.delete(name)))
}

async function fromClient(url: string): Promise<Response> {
  const kept = await (await caches.open(CLIENT)).match(url)
  return kept ?? fetch(url)
}

/** Pictures never change at their address, so one that is kept needs no request. */
async function picture(request: Request): Promise<Response> {
  const cache = await caches.open(PICTURES)
  const kept = await cache.match(request.url)
  if (kept) return kept
  const response = await fetch(request)
  if (response.status === 200) {
    await cache.put(request.url, response.clone())
    await removeOldest(cache)
  }
  return response
}

async function removeOldest(cache: Cache): Promise<void> {
  const keys = await cache.keys()
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_PICTURES)).map((key) => cache.delete(key)))
}
