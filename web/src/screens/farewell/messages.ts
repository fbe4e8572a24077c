import { catalogue } from '../../i18n/catalogue.ts'
import { zh } from '../../i18n/zh.ts'

export const words = catalogue(
  {
    done: 'To the start page',
    erased: 'Everything is erased.',
    erasing: 'Your files are being erased. This goes on when you close the app.',
    goodbye: 'Goodbye. You can create a new account at any time.',
    handle: (handle: string) => `Nobody can take the handle @${handle} again.`,
    title: 'Your account is deleted',
    what: 'This is deleted:',
    whatDevice: 'what this device had kept of it',
    whatFriends: 'your profile, your friendships and your lists',
    whatMedia: 'your pictures, films and recordings',
    whatPosts: 'your moblog with all posts, your comments and your likes',
  },
  {
    done: '返回首页',
    erased: '所有内容都已清除。',
    erasing: '正在清除你的文件，关闭应用后也会继续。',
    goodbye: '再见。你可以随时创建新账号。',
    handle: (handle: string) => zh`用户名 @${handle} 不会再被任何人使用。`,
    title: '你的账号已注销',
    what: '已删除：',
    whatDevice: '本机为它保存的内容',
    whatFriends: '你的个人资料、好友关系和名单',
    whatMedia: '你的图片、视频和录音',
    whatPosts: '你的博客和全部动态、你的评论和赞',
  },
)
