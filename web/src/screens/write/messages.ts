import { catalogue } from '../../i18n/catalogue.ts'

export const words = catalogue(
  {
    audience: 'Who may see it',
    back: 'Back',
    changed: 'The post has been changed elsewhere. Read it again before you save.',
    edit: 'Edit post',
    everyone: 'Everyone',
    friends: 'Friends',
    onlyMe: 'Only me',
    save: 'Save',
    text: 'Text',
    write: 'New post',
  },
  {
    audience: '谁可以看',
    back: '返回',
    changed: '这条动态已在别处修改。保存前请重新查看。',
    edit: '编辑动态',
    everyone: '所有人',
    friends: '好友',
    onlyMe: '仅自己',
    save: '保存',
    text: '文字',
    write: '发动态',
  },
)
