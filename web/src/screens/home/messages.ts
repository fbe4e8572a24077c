import { catalogue } from '../../i18n/catalogue.ts'

export const words = catalogue(
  {
    empty: 'It is quiet here',
    emptyText: 'Find friends to see what they share, or share the first moment yourself.',
    findFriends: 'Find friends',
    friendMoblogs: 'Moblogs of friends',
    friends: 'Friends',
    search: 'Search',
    suggestions: 'Popular now',
  },
  {
    empty: '这里还很安静',
    emptyText: '找到好友，看看他们的分享；或者先分享你的第一个瞬间。',
    findFriends: '找好友',
    friendMoblogs: '好友的博客',
    friends: '好友',
    search: '搜索',
    suggestions: '热门博客',
  },
)
