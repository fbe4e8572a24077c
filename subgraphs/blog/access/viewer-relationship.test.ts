import type { Audience } from '../../../generated/graphql/blog.ts'
import { audiencesSeen, maySeeMoblog, maySeePost, type ViewerRelationship } from './viewer-relationship.ts'

const AUDIENCES: Audience[] = ['PUBLIC', 'FRIENDS', 'ONLY_ME']

describe('the access rules for a relationship', () => {
  const table: [ViewerRelationship, ...boolean[]][] = [
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
    (relationship, moblog, ...posts) => {
      expect(maySeeMoblog(relationship)).toBe(moblog)
      expect(AUDIENCES.map((audience) => maySeePost(relationship, audience))).toEqual(posts)
      expect(audiencesSeen(relationship)).toEqual(AUDIENCES.filter((_, index) => posts[index]))
    },
  )
})
