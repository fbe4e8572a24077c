import type { Audience } from '../../../generated/graphql/blog.ts'
import {
  channelsSeen,
  maySeeMoblog,
  maySeePost,
  plainRelationship,
  type ViewerRelationship,
} from './viewer-relationship.ts'

const NOW = new Date('2026-01-02')
const AUDIENCES: Audience[] = ['PUBLIC', 'FRIENDS', 'ONLY_ME']
const plain = (audience: Audience) => ({ audience, audienceListId: null, expiresAt: null })
const forList = (audience: Audience, audienceListId: string) => ({ ...plain(audience), audienceListId })

describe('the access rules for a relationship', () => {
  const table: [ViewerRelationship['kind'], ...boolean[]][] = [
    // relationship       moblog PUBLIC FRIENDS ONLY_ME
    ['SELF', true, true, true, true],
    ['FRIEND', true, true, true, false],
    ['REQUEST_SENT', true, true, false, false],
    ['REQUEST_RECEIVED', true, true, false, false],
    ['NONE', true, true, false, false],
    ['BLOCKED', false, false, false, false],
    ['INVISIBLE', false, false, false, false],
  ]

  it.each(table)(
    'give %s access to the moblog: %s, to posts for PUBLIC: %s, FRIENDS: %s, ONLY_ME: %s',
    (kind, moblog, ...posts) => {
      const relationship = plainRelationship(kind)
      expect(maySeeMoblog(relationship)).toBe(moblog)
      expect(AUDIENCES.map((audience) => maySeePost(relationship, plain(audience), NOW))).toEqual(posts)
      expect(channelsSeen(relationship).audiences).toEqual(AUDIENCES.filter((_, index) => posts[index]))
    },
  )

  it.each(table)('show %s posts for lists only as its author, or as a friend in the audience', (kind) => {
    const relationship = { kind, listsWithViewer: ['with'], listsWithoutViewer: ['without'] }
    const posts = [
      forList('ONLY_LIST', 'with'),
      forList('ONLY_LIST', 'without'),
      forList('ONLY_LIST', 'deleted'),
      forList('EXCEPT_LIST', 'with'),
      forList('EXCEPT_LIST', 'without'),
      forList('EXCEPT_LIST', 'deleted'),
    ]
    const seen = posts.map((post) => maySeePost(relationship, post, NOW))
    const isFriend = kind === 'FRIEND'
    expect(seen).toEqual(
      kind === 'SELF' ? posts.map(() => true) : [isFriend, false, false, false, isFriend, false],
    )
  })

  it.each(table)('show %s no post from its expiry on', (kind) => {
    const relationship = { kind, listsWithViewer: ['with'], listsWithoutViewer: [] }
    for (const post of [...AUDIENCES.map(plain), forList('ONLY_LIST', 'with')]) {
      const before = maySeePost(relationship, { ...post, expiresAt: new Date(NOW.getTime() + 1) }, NOW)
      expect(before).toBe(maySeePost(relationship, post, NOW))
      expect(maySeePost(relationship, { ...post, expiresAt: NOW }, NOW)).toBe(false)
    }
  })
})
