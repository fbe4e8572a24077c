import { catalogue } from '../../i18n/catalogue.ts'
import { wholeNumber } from '../../i18n/format.ts'
import { zh } from '../../i18n/zh.ts'

export const words = catalogue(
  {
    back: 'Back',
    edit: 'Edit profile',
    empty: 'Nothing here yet',
    emptyFriend: 'What this user shares with friends appears here once you are friends.',
    emptyOwn: 'Share a picture, a film, a recording or a thought.',
    joined: (when: string) => `Here since ${when}`,
    missing: 'This moblog does not exist',
    missingText: 'It may have been deleted, or you may not see it.',
    more: 'More actions',
    muted: 'Muted: not in your feeds, and no notifications of new posts.',
    notFound: 'Moblog not found',
    online: 'Online',
    page: 'Open as a small web page',
    posts: (count: number) => (count === 1 ? '1 post' : `${wholeNumber(count)} posts`),
    requestedYou: (name: string) => `${name} would like to be your friend.`,
    settings: 'Settings',
    write: 'New post',
  },
  {
    back: '返回',
    edit: '编辑资料',
    empty: '还没有内容',
    emptyFriend: '成为好友后，就能看到对方分享给好友的内容。',
    emptyOwn: '分享一张照片、一段视频、一段录音或一个想法吧。',
    joined: (when: string) => zh`${when}加入`,
    missing: '这个博客不存在',
    missingText: '它可能已被删除，或你无权查看。',
    more: '更多操作',
    muted: '你不看对方的动态：首页不出现，也没有新动态通知。',
    notFound: '找不到博客',
    online: '在线',
    page: '以轻量网页打开',
    posts: (count: number) => `${wholeNumber(count)} 条动态`,
    requestedYou: (name: string) => zh`${name}想加你为好友。`,
    settings: '设置',
    write: '发动态',
  },
)
