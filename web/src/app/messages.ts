import { catalogue } from '../i18n/catalogue.ts'
import { wholeNumber } from '../i18n/format.ts'

export const words = catalogue(
  {
    discover: 'Discover',
    ended: 'This is no longer shared with you.',
    friends: 'Friends',
    home: 'Home',
    inbox: 'Notifications',
    inboxUnread: (count: number) => `Notifications, ${wholeNumber(count)} unread`,
    lost: 'This part of Moblog could not be loaded.',
    me: 'My moblog',
    navigation: 'Main navigation',
    offline: 'No connection. What you write is sent later.',
    settings: 'Settings',
    skip: 'Skip to content',
    tryAgain: 'Try again',
    write: 'New post',
  },
  {
    discover: '发现',
    ended: '对方不再与你分享这些内容。',
    friends: '好友',
    home: '首页',
    inbox: '通知',
    inboxUnread: (count: number) => `通知，${wholeNumber(count)} 条未读`,
    lost: '这部分内容未能加载。',
    me: '我的博客',
    navigation: '主导航',
    offline: '没有网络。你写的内容稍后会发送。',
    settings: '设置',
    skip: '跳到内容',
    tryAgain: '重试',
    write: '发动态',
  },
)
