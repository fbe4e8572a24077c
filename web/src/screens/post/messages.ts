import { catalogue } from '../../i18n/catalogue.ts'

export const words = catalogue(
  {
    back: 'Back',
    comment: 'Comment',
    comments: 'Comments',
    deleteComment: 'Delete comment',
    deleteTitle: 'Delete this comment?',
    empty: 'No comments yet',
    emptyText: 'Be the first to answer.',
    missing: 'This post does not exist',
    missingText: 'It may have been deleted, or you may not see it.',
    placeholder: 'Write a comment',
    post: 'Post',
    send: 'Send',
  },
  {
    back: '返回',
    comment: '评论',
    comments: '评论',
    deleteComment: '删除评论',
    deleteTitle: '删除这条评论？',
    empty: '还没有评论',
    emptyText: '来写第一条吧。',
    missing: '这条动态不存在',
    missingText: '它可能已被删除，或你无权查看。',
    placeholder: '写评论',
    post: '动态',
    send: '发送',
  },
)
