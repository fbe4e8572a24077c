import { words } from './messages.ts'

describe('the question whether to delete a file', () => {
  it.each([
    [0, false, 'It cannot be restored.', '删除后无法恢复。'],
    [
      0,
      true,
      'It will be missing in your profile. It cannot be restored.',
      '你的个人资料里将不再有它，删除后无法恢复。',
    ],
    [
      1,
      false,
      'It will be missing in one post. It cannot be restored.',
      '1 条动态里将不再有它，删除后无法恢复。',
    ],
    [
      2,
      true,
      'It will be missing in 2 posts and in your profile. It cannot be restored.',
      '2 条动态和你的个人资料里将不再有它，删除后无法恢复。',
    ],
    [
      null,
      false,
      'It will be missing in posts that show it. It cannot be restored.',
      '展示它的动态里将不再有它，删除后无法恢复。',
    ],
  ] as const)(
    'names only where it is: in %j posts, as profile picture %j',
    (posts, isAvatar, english, chinese) => {
      expect(words('en').deleteMediaText(posts, isAvatar)).toBe(english)
      expect(words('zh-Hans').deleteMediaText(posts, isAvatar)).toBe(chinese)
    },
  )
})
