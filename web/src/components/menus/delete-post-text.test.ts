import { words } from './messages.ts'

describe('the question whether to delete a post', () => {
  it.each(['en', 'zh-Hans'] as const)('tells of files only if the post has some, in %s', (language) => {
    const { deletePostText } = words(language)
    expect(deletePostText(true)).toMatch(/files|文件/)
    expect(deletePostText(false)).not.toMatch(/files|文件/)
  })
})
