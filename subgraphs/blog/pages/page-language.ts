import type { Audience } from '../../../generated/graphql/blog.ts'
import type { PageLanguage, WrittenLanguage } from '../../../platform/pages/page-language.ts'

/** The texts of a page in one language. */
export type PageWords = {
  untitled: (name: string) => string
  nothing: string
  older: string
  newest: string
  processing: string
  failed: string
  unavailable: string
  download: string
  play: string
  recordVideo: string
  recordAudio: string
  asking: string
  recording: string
  stop: string
  recorded: string
  save: string
  refused: string
  close: string
  publicPage: string
  postBy: (name: string) => string
  moreOfMoblog: string
  moreComments: string
  firstComments: string
  reply: string
  audience: Readonly<Record<Exclude<Audience, 'PUBLIC'>, string>>
  edited: string
  uncover: string
  cover: string
  openClient: string
  pictures: (count: number) => string
  likes: (count: number) => string
  comments: (count: number) => string
  image: string
  video: string
  audio: string
  gone: string
  stale: string
  missing: string
  badCursor: string
  tooMany: string
  busy: string
  broken: string
  date: (instant: Date) => string
}

const number = (locale: string) => {
  const format = new Intl.NumberFormat(locale)
  return (count: number) => format.format(count)
}

const date = (locale: string) => {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  return (instant: Date) => format.format(instant)
}

const en = number('en')
const zh = number('zh-Hans')

/** The texts of pages in all languages. */
export const PAGE_WORDS: Readonly<Record<WrittenLanguage, PageWords>> = {
  en: {
    untitled: (name) => `${name}’s moblog`,
    nothing: 'There are no posts yet.',
    older: 'Older posts',
    newest: 'Newest posts',
    processing: 'This file is still being processed. Try again later.',
    failed: 'This file could not be processed.',
    unavailable: 'This file cannot be shown now. Try again later.',
    download: 'Download',
    play: 'Play',
    recordVideo: 'Record video',
    recordAudio: 'Record audio',
    asking: 'Please allow this page to use your camera or microphone.',
    recording: 'Recording has started.',
    stop: 'Finish recording',
    recorded: 'This recording is only on this device. Save it, then publish it in the app.',
    save: 'Save',
    refused: 'This page cannot use your camera or microphone. Allow it in your browser.',
    close: 'Close',
    publicPage: 'Public page',
    postBy: (name) => `A post by ${name}`,
    moreOfMoblog: 'More of this moblog',
    moreComments: 'More comments',
    firstComments: 'First comments',
    reply: 'Reply',
    audience: {
      FRIENDS: 'Friends only',
      ONLY_ME: 'Only me',
      ONLY_LIST: 'Friends in a list',
      EXCEPT_LIST: 'Friends, except a list',
    },
    edited: 'edited',
    uncover: 'Show',
    cover: 'Hide again',
    openClient: 'Open Moblog',
    pictures: (count) => `${en(count)} pictures`,
    likes: (count) => (count === 1 ? '1 like' : `${en(count)} likes`),
    comments: (count) => (count === 1 ? '1 comment' : `${en(count)} comments`),
    image: 'Picture',
    video: 'Video',
    audio: 'Audio',
    missing: 'This page does not exist.',
    gone: 'This link is no longer valid. Open the moblog again in the app.',
    stale: 'This page has been open for too long. Please reload it.',
    badCursor: 'This link does not lead to posts. Start with the newest posts.',
    tooMany: 'Too many pages were opened in a short time. Please wait a minute, then try again.',
    busy: 'This page cannot be shown now. Please try again in a moment.',
    broken: 'This page cannot be shown because of an error. Please try again later.',
    date: date('en'),
  },
  'zh-Hans': {
    untitled: (name) => `${name} 的博客`,
    nothing: '还没有动态。',
    older: '更早的动态',
    newest: '最新动态',
    processing: '文件正在处理中，请稍后再试。',
    failed: '文件处理失败。',
    unavailable: '文件暂时无法显示，请稍后再试。',
    download: '下载',
    play: '播放',
    recordVideo: '录制视频',
    recordAudio: '录制音频',
    asking: '请允许本页面使用摄像头或麦克风。',
    recording: '已开始录制。',
    stop: '结束录制',
    recorded: '录制内容仅保存在本设备上。请先保存，再到应用中发布。',
    save: '保存',
    refused: '本页面无法使用摄像头或麦克风，请在浏览器中允许。',
    close: '关闭',
    publicPage: '公开页面',
    postBy: (name) => `${name} 发布的动态`,
    moreOfMoblog: '查看此博客的更多动态',
    moreComments: '更多评论',
    firstComments: '最早的评论',
    reply: '回复',
    audience: {
      FRIENDS: '仅好友可见',
      ONLY_ME: '仅自己可见',
      ONLY_LIST: '仅部分好友可见',
      EXCEPT_LIST: '部分好友不可见',
    },
    edited: '已编辑',
    uncover: '查看',
    cover: '重新遮盖',
    openClient: '打开 Moblog',
    pictures: (count) => `${zh(count)} 张图片`,
    likes: (count) => `${zh(count)} 个赞`,
    comments: (count) => `${zh(count)} 条评论`,
    image: '图片',
    video: '视频',
    audio: '音频',
    missing: '此页面不存在。',
    gone: '链接已失效，请在应用中重新打开此博客。',
    stale: '页面打开时间过长，请重新加载。',
    badCursor: '此链接没有对应的动态，请从最新动态开始。',
    tooMany: '短时间内打开的页面过多，请等待一分钟后再试。',
    busy: '页面暂时无法显示，请稍后再试。',
    broken: '页面出错了，请稍后再试。',
    date: date('zh-Hans'),
  },
}

// At most one for each of the 676 possible regions.
const regional = new Map<PageLanguage, PageWords>()

/** The texts of a page in the language and for the region of its reader. */
export function pageWords(language: PageLanguage): PageWords {
  if (language === 'en' || language === 'zh-Hans') return PAGE_WORDS[language]
  const words = regional.get(language) ?? { ...PAGE_WORDS.en, date: date(language) }
  regional.set(language, words)
  return words
}
