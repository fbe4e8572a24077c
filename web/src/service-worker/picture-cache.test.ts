import {
  forgetPicturesOf,
  keepPicture,
  keptPicture,
  type PictureCache,
  removeOld,
  sameKeptPicture,
} from './picture-cache.ts'

const DAY_MS = 24 * 3_600_000

/** A cache in memory, which returns its entries in their order, as browsers do. */
function memoryCache(): PictureCache {
  const kept = new Map<string, Response>()
  const urlOf = (request: RequestInfo | URL) => (request instanceof Request ? request.url : String(request))
  return {
    match: async (request) => kept.get(urlOf(request))?.clone(),
    async put(request, response) {
      kept.delete(urlOf(request))
      kept.set(urlOf(request), response)
    },
    keys: async () => [...kept.keys()].map((url) => new Request(url)),
    delete: async (request) => kept.delete(urlOf(request ?? '')),
  }
}

const address = (index: number) => `https://media.test/${index}`

describe('the pictures that are kept', () => {
  it('are returned as they were', async () => {
    const cache = memoryCache()
    await keepPicture(
      cache,
      address(1),
      new Response('bytes', { headers: { 'content-type': 'image/jpeg' } }),
      0,
    )
    const kept = await keptPicture(cache, address(1), DAY_MS)
    expect([await kept?.text(), kept?.headers.get('content-type')]).toEqual(['bytes', 'image/jpeg'])
    expect(await keptPicture(cache, address(2), DAY_MS)).toBeNull()
  })

  it('are not returned after seven days, and are removed', async () => {
    const cache = memoryCache()
    await keepPicture(cache, address(1), new Response('old'), 0)
    await keepPicture(cache, address(2), new Response('new'), 5 * DAY_MS)
    expect(await keptPicture(cache, address(1), 8 * DAY_MS)).toBeNull()
    await removeOld(cache, 8 * DAY_MS)
    expect((await cache.keys()).map(({ url }) => url)).toEqual([address(2)])
  })

  it('are removed if an earlier version has kept them without their age', async () => {
    const cache = memoryCache()
    await cache.put(address(1), new Response('old'))
    await removeOld(cache, Date.now())
    expect(await cache.keys()).toEqual([])
  })

  it('are deleted with their media, whatever token and size they were loaded with', async () => {
    const cache = memoryCache()
    Object.assign(globalThis, { caches: { open: async () => cache } })
    const [lost, earlier, other, later] = ['t1/a/poster', 't0/a/image/640', 't1/b/poster', 't1/c/poster'].map(
      (path) => `https://media.test/below/v/${path}`,
    )
    for (const [index, url] of [lost, earlier, other, later].entries())
      await keepPicture(cache, url ?? '', new Response('x'), index)
    await forgetPicturesOf((id) => id === 'a')
    expect((await cache.keys()).map(({ url }) => url)).toEqual([other, later])
    await forgetPicturesOf(() => true, 3)
    expect((await cache.keys()).map(({ url }) => url)).toEqual([later])
  })

  it('are found with a newer address, and kept once', async () => {
    const cache = memoryCache()
    const [old, next, newest, other] = ['t1/a/poster', 't2/a/poster', 't3/a/poster', 't1/a/image/640'].map(
      (path) => `https://media.test/v/${path}`,
    ) as [string, string, string, string]
    await keepPicture(cache, other, new Response('other'), 0)
    await keepPicture(cache, old, new Response('old'), 0)
    expect(await keptPicture(cache, next, 1)).toBeNull()
    expect(await (await sameKeptPicture(cache, next, 1))?.text()).toBe('old')
    expect(await sameKeptPicture(cache, next, 8 * DAY_MS)).toBeNull()
    await keepPicture(cache, next, new Response('next'), 1)
    expect((await cache.keys()).map(({ url }) => url)).toEqual([other, next])
    expect(await (await sameKeptPicture(cache, newest, 1))?.text()).toBe('next')
    expect(await sameKeptPicture(cache, 'https://media.test/v/t1/b/poster', 1)).toBeNull()
  })

  it('are at most 400', async () => {
    const cache = memoryCache()
    for (let index = 0; index < 405; index += 1)
      await keepPicture(cache, address(index), new Response('x'), index)
    const urls = (await cache.keys()).map(({ url }) => url)
    expect([urls.length, urls[0], urls.at(-1)]).toEqual([400, address(5), address(404)])
  })
})
