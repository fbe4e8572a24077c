import { setTimeout as sleep } from 'node:timers/promises'
import type { Media } from '../media/media.ts'
import { createMediaCache } from './media-cache.ts'

const media = (state: string) => ({ id: 'film', state }) as Media

describe('the cache of media', () => {
  it('notices the end of processing while a player asks again and again', async () => {
    let state = 'PROCESSING'
    const find = createMediaCache(async () => media(state))
    await find('film')
    state = 'READY'
    const states = new Set<string>()
    for (let asked = 0; asked < 15; asked += 1) {
      states.add((await find('film'))?.state ?? '')
      await sleep(100)
    }
    expect([...states]).toEqual(['PROCESSING', 'READY'])
  })

  it('reads a media file once for many requests, and what does not exist each time', async () => {
    const asked: string[] = []
    const find = createMediaCache(async (id) => {
      asked.push(id)
      return id === 'film' ? media('READY') : null
    })
    for (const id of ['film', 'other', 'film', 'other', 'film']) await find(id)
    expect(asked).toEqual(['film', 'other', 'other'])
  })
})
