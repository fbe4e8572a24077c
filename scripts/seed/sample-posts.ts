import type { VariablesOf } from '../client/operations.ts'
import type { FilmName } from './films.ts'
import type { SCENES } from './pictures.ts'
import type { PersonName } from './sample-people.ts'

/** A post of the sample world, with who likes it and what others say about it. */
export type SamplePost = {
  by: PersonName
  text: string
  audience?: VariablesOf<'publish-post'>['input']['audience']
  pictures?: readonly (keyof typeof SCENES)[]
  films?: readonly FilmName[]
  likedBy?: readonly PersonName[]
  comments?: readonly (readonly [PersonName, string])[]
}

/** The posts, oldest first. */
export const POSTS: readonly SamplePost[] = [
  { by: 'leo', text: 'First post. Testing, testing…', audience: 'PUBLIC' },
  { by: 'spam', text: 'CHEAP!!! Everything must go. Click now.', audience: 'PUBLIC' },
  {
    by: 'noor',
    text: 'الضوء على الجدران الحجرية قبل الغروب بدقائق.',
    audience: 'PUBLIC',
    pictures: ['desert'],
    likedBy: ['leo', 'amara'],
  },
  {
    by: 'tao',
    text: '凌晨五点的江边，只有风和我。',
    pictures: ['night'],
    likedBy: ['mei'],
    comments: [
      ['mei', '又没睡？'],
      ['tao', '睡了四个小时，够了 😄'],
    ],
  },
  {
    by: 'amara',
    text: 'Some thoughts on sketching sound.\n\nWhen I draw a recording, I start with its silences. They are the white of the paper. The loud parts come later, and I leave most of them out: three lines for a tram, one for a dog that barks twice.\n\nPeople ask me whether it is accurate. It is not. But those who were there recognise the afternoon, and those who were not there can hear that something happened. That is all I want from a page.',
    audience: 'PUBLIC',
    likedBy: ['mei', 'jun', 'leo'],
    comments: [['jun', '“The white of the paper” – I am going to steal that.']],
  },
  {
    by: 'jun',
    text: 'Birds outside of the station, 6:10 in the morning.',
    films: ['birds.mp3'],
    likedBy: ['amara'],
  },
  {
    by: 'mei',
    text: '今天在湖边散步，天气很好。',
    pictures: ['lake', 'morning', 'wide'],
    likedBy: ['jun', 'tao', 'amara'],
    comments: [
      ['amara', 'The first one! The colours!'],
      ['jun', '好美，下次带上我。'],
      ['mei', '周六早上？我带茶。'],
    ],
  },
  {
    by: 'jun',
    text: 'Slowly zooming into nothing in particular.',
    audience: 'PUBLIC',
    films: ['waves.mp4'],
    likedBy: ['mei', 'leo'],
  },
  { by: 'mei', text: '给自己的备忘：买镜头布，还书，给妈妈打电话。', audience: 'ONLY_ME' },
  { by: 'amara', text: 'Good morning ☀️', likedBy: ['mei'] },
  { by: 'tao', text: '生命游戏，竖屏版。', films: ['portrait.mp4'], comments: [['mei', '看了三遍。']] },
  {
    by: 'jun',
    text: 'A slow song for the last train home.',
    films: ['song.m4a'],
    pictures: ['tall'],
    likedBy: ['mei', 'amara', 'tao'],
  },
]
