import { POSTS } from './sample-posts.ts'

describe('the posts of the sample world', () => {
  it('do not say how long their films are, because these are made shorter than usual ones', () => {
    const withFilms = POSTS.filter(({ films }) => films)
    expect(withFilms.length).toBeGreaterThan(0)
    for (const { text } of withFilms) expect(text).not.toMatch(/second|minute|hour|秒|分钟|小时/i)
  })
})
