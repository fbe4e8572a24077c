import { catalogue } from '../../i18n/catalogue.ts'

export const words = catalogue(
  {
    back: 'Back',
    empty: 'No friends yet',
    emptyText: 'Search for a user by name, handle or id, and send a request.',
    find: 'Find friends',
    friends: 'Friends',
    more: (name: string) => `More actions: ${name}`,
    muted: 'Muted',
    online: 'Online',
    received: 'Requests for you',
    sent: 'Sent requests',
    withdraw: 'Withdraw',
  },
  {
    back: '返回',
    empty: '还没有好友',
    emptyText: '用名字、用户名或编号搜索，然后发送申请。',
    find: '找好友',
    friends: '好友',
    more: (name: string) => `更多操作：${name}`,
    muted: '不看动态',
    online: '在线',
    received: '收到的申请',
    sent: '发出的申请',
    withdraw: '撤回',
  },
)
