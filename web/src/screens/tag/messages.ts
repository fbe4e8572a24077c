import { catalogue } from '../../i18n/catalogue.ts'

export const words = catalogue(
  {
    back: 'Back',
    empty: 'No posts yet',
    emptyText: 'Nobody whose posts you can see has used this hashtag.',
    write: 'New post',
  },
  {
    back: '返回',
    empty: '还没有动态',
    emptyText: '在你能看到的动态里，还没有人用过这个话题。',
    write: '发动态',
  },
)
