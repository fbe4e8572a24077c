import { catalogue } from '../../i18n/catalogue.ts'
import { wholeNumber } from '../../i18n/format.ts'

export const words = catalogue(
  {
    allSeen: 'Everything above is new since your last visit',
    empty: 'It is quiet here',
    emptyHot: 'No public posts yet',
    emptyHotText: 'What users share with everyone appears here.',
    emptyText: 'Find friends to see what they share, or share the first moment yourself.',
    findFriends: 'Find friends',
    friendMoblogs: 'Moblogs of friends',
    friends: 'Friends',
    hot: 'Hot',
    newest: 'Newest',
    newPosts: (count: number) => (count === 1 ? '1 new post' : `${wholeNumber(count)} new posts`),
    online: 'online',
    search: 'Search',
    share: 'Share',
    unseen: (count: number) =>
      count === 1 ? '1 new post' : count > 99 ? '100 or more new posts' : `${wholeNumber(count)} new posts`,
    views: 'What to show',
  },
  {
    allSeen: '以上是你上次来访后的新动态',
    empty: '这里还很安静',
    emptyHot: '还没有公开动态',
    emptyHotText: '用户公开分享的内容会出现在这里。',
    emptyText: '找到好友，看看他们的分享；或者先分享你的第一个瞬间。',
    findFriends: '找好友',
    friendMoblogs: '好友的博客',
    friends: '好友',
    hot: '热门',
    newest: '最新',
    newPosts: (count: number) => `${wholeNumber(count)} 条新动态`,
    online: '在线',
    search: '搜索',
    share: '分享',
    unseen: (count: number) => (count > 99 ? '100 条以上新动态' : `${wholeNumber(count)} 条新动态`),
    views: '显示内容',
  },
)
