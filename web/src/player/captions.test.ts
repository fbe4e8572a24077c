import { createCaptions } from './captions.ts'
import type { Caption } from './player-media.ts'

const FILE = 'WEBVTT\n\n00:00.000 --> 00:02.000\nGood morning'

describe('the captions of a player', () => {
  const { fetch: realFetch } = globalThis
  let asked: string[]
  beforeEach(() => {
    asked = []
    globalThis.fetch = async (url) => {
      asked.push(String(url))
      return String(url).includes('/new/') ? new Response(FILE) : new Response(null, { status: 403 })
    }
  })
  afterAll(() => {
    globalThis.fetch = realFetch
  })

  const tracks = (token: string): Caption[] => [
    { language: 'en', label: 'English', url: `https://media.test/${token}/en.vtt` },
    { language: 'zh-Hans', label: '中文', url: `https://media.test/${token}/zh.vtt` },
  ]

  it('are loaded with the newest addresses, whatever their order', async () => {
    const captions = createCaptions(tracks('old'), () => tracks('new').reverse())
    await captions.show(0)
    expect([asked, captions.shown, captions.textAt(1)]).toEqual([
      ['https://media.test/new/en.vtt'],
      0,
      'Good morning',
    ])
  })

  it('are loaded once, also after a renewal', async () => {
    let token = 'new'
    const captions = createCaptions(tracks('new'), () => tracks(token))
    await captions.show(0)
    await captions.show(-1)
    token = 'newer'
    await captions.show(0)
    expect([asked.length, captions.textAt(1)]).toEqual([1, 'Good morning'])
  })

  it('are not shown if they are refused', async () => {
    const captions = createCaptions(tracks('old'))
    await captions.show(0)
    expect([captions.shown, captions.textAt(1)]).toEqual([-1, null])
  })
})
