import { catalogue } from '../../i18n/catalogue.ts'
import { wholeNumber } from '../../i18n/format.ts'

export const words = catalogue(
  {
    discover: 'Discover',
    found: (count: number) => (count === 1 ? '1 result' : `${wholeNumber(count)} results`),
    hashtag: 'Posts with this hashtag',
    hot: 'Popular now',
    moblogs: 'Moblogs',
    newest: 'New',
    nothing: 'Nothing found',
    nothingText: 'Try another word, or the whole handle or id of a user.',
    people: 'People',
    placeholder: 'People, moblogs, #hashtags',
    search: 'Search',
  },
  {
    discover: '发现',
    found: (count: number) => `${wholeNumber(count)} 个结果`,
    hashtag: '带有这个话题的动态',
    hot: '热门博客',
    moblogs: '博客',
    newest: '最新',
    nothing: '没有找到',
    nothingText: '换个词试试，或输入完整的用户名或编号。',
    people: '用户',
    placeholder: '用户、博客、#话题',
    search: '搜索',
  },
)
