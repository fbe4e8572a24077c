import { catalogue } from '../../i18n/catalogue.ts'

export const words = catalogue(
  {
    altText: 'Description for users who cannot see or hear it',
    back: 'Back',
    chooseList: 'Choose a list before you save.',
    contentWarning: 'Content warning',
    edit: 'Edit post',
    changedElsewhere:
      'This post was changed on another device meanwhile. Your changes are still here. Save again to replace the others.',
    missing: 'This post is not there, or it is not yours.',
    save: 'Save',
    write: 'New post',
  },
  {
    altText: '为看不到或听不到的用户写一段描述',
    back: '返回',
    chooseList: '保存前请选择名单。',
    contentWarning: '内容警告',
    edit: '编辑动态',
    changedElsewhere: '此动态刚在另一台设备上被修改。你的修改仍保留在这里，再次保存将覆盖那些修改。',
    missing: '动态不存在，或不是你发布的。',
    save: '保存',
    write: '发动态',
  },
)
