import { keptOrFetched } from './kept-file.ts'

describe('a file of the client', () => {
  const fromServer = async () => new Response('from the server')

  it('is taken from the cache, and from the server if the cache does not have it', async () => {
    const kept = await keptOrFetched(async () => new Response('kept'), fromServer)
    expect(await kept.text()).toBe('kept')
    const fetched = await keptOrFetched(async () => undefined, fromServer)
    expect(await fetched.text()).toBe('from the server')
  })

  it('comes from the server if the cache cannot be read', async () => {
    const broken = async (): Promise<Response> => {
      throw new DOMException('Unexpected internal error.', 'UnknownError')
    }
    expect(await (await keptOrFetched(broken, fromServer)).text()).toBe('from the server')
  })
})
