import { catalogue } from '../../i18n/catalogue.ts'

/** What the codes of failures mean in general. They are loaded with the first failure. */
export const words = catalogue(
  {
    conflict: 'That is no longer possible. Load the page again.',
    expired: 'It has expired.',
    invalid: 'The server does not accept this value.',
    missingTarget: 'It no longer exists, or you may not see it.',
    notAllowed: 'You may not do this.',
    notSaved:
      'There is no connection, so this change was not saved. What you have written stays here. Save again when you are connected.',
    quotaExceeded: 'Your storage has no room for this. Delete media first.',
    storageUnavailable: 'Files cannot be stored now. Try again later.',
    tooLarge: 'This is too large.',
    tooOften: 'Too many attempts. Try again later.',
    unsupported: 'This kind of file is not accepted.',
  },
  {
    conflict: '当前状态不允许此操作，请刷新后重试。',
    expired: '已过期。',
    invalid: '服务器不接受填写的内容。',
    missingTarget: '内容已不存在，或你无权查看。',
    notAllowed: '你无权进行此操作。',
    notSaved: '当前没有网络，修改没有保存。你写的内容仍保留在这里，请联网后再次保存。',
    quotaExceeded: '存储空间不足，请先删除一些文件。',
    storageUnavailable: '暂时无法保存文件，请稍后再试。',
    tooLarge: '内容过大。',
    tooOften: '操作过于频繁，请稍后再试。',
    unsupported: '不支持这种文件。',
  },
)
