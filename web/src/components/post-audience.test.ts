import { icons } from '../design/icons.ts'
import { words } from './messages.ts'
import { audienceOf } from './post-audience.ts'

const AUDIENCES = ['PUBLIC', 'FRIENDS', 'ONLY_LIST', 'EXCEPT_LIST', 'ONLY_ME'] as const
const own = { audienceList: null, author: { relationship: 'SELF' } }
const party = { __typename: 'AudienceList' as const, id: '1', name: 'Party' }

describe('the audience of a post', () => {
  it('is in words on own posts that are not for all friends', () => {
    const shown = AUDIENCES.map((audience) => audienceOf({ ...own, audience }))
    const { everyone, onlyYou, someFriends } = words()
    expect(shown.filter(({ isShown }) => isShown).map(({ who }) => who)).toEqual([
      everyone,
      someFriends,
      someFriends,
      onlyYou,
    ])
  })

  it('names the list', () => {
    expect(audienceOf({ ...own, audience: 'ONLY_LIST', audienceList: party }).who).toBe('Party')
    expect(audienceOf({ ...own, audience: 'EXCEPT_LIST', audienceList: party }).who).toContain('Party')
  })

  it('is only an icon on posts of others', () => {
    const author = { relationship: 'FRIEND' }
    for (const audience of AUDIENCES)
      expect(audienceOf({ audience, audienceList: null, author }).isShown).toBe(false)
  })

  it('has an icon of its own', () => {
    const drawn = ['PUBLIC', 'FRIENDS', 'ONLY_LIST', 'ONLY_ME'].map((audience) =>
      JSON.stringify(icons[audienceOf({ ...own, audience: audience as 'PUBLIC' }).icon]()),
    )
    expect(new Set(drawn).size).toBe(4)
  })
})
