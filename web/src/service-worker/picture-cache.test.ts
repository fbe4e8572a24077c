import { keepPicture, keptPicture, type PictureCache, removeOld } from './picture-cache.ts'

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

  it('are at most 400', async () => {
    const cache = memoryCache()
    for (let index = 0; index < 405; index += 1)
      await keepPicture(cache, address(index), new Response('x'), index)
    const urls = (await cache.keys()).map(({ url }) => url)
    expect([urls.length, urls[0], urls.at(-1)]).toEqual([400, address(5), address(404)])
  })
})
