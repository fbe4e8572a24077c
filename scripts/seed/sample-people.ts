/** A user of the sample world. */
export type SamplePerson = {
  handle: string
  displayName: string
  about: string
  title: string
  /** What they are in the sample world, for the list of sample accounts. */
  note: string
  /** Background, skin and hair of the profile picture; null for none. */
  face: readonly [string, string, string] | null
}

/** The users of the sample world. The first one is the account to look around with. */
export const PEOPLE = {
  mei: {
    handle: 'mei',
    displayName: '林小梅',
    about: '杭州 · 摄影、爬山、做饭。',
    title: '小梅的日常',
    note: 'has friends, posts and notifications',
    face: ['#fbd3c0', '#f3c9a9', '#2a1f1c'],
  },
  jun: {
    handle: 'jun',
    displayName: 'Jun Park',
    about: 'Coffee, trains, field recordings.',
    title: 'Notes from the platform',
    note: 'a friend of Mei with films and recordings',
    face: ['#cfe3d4', '#e8b98f', '#1d1a18'],
  },
  amara: {
    handle: 'amara',
    displayName: 'Amara Okafor',
    about: 'I draw what I hear.',
    title: '',
    note: 'a friend of Mei who writes a lot',
    face: ['#d7d3f3', '#8d5a3b', '#201512'],
  },
  tao: {
    handle: 'tao_w',
    displayName: '王涛',
    about: '夜里写代码，早上跑步。',
    title: '夜跑者',
    note: 'a friend of Mei',
    face: ['#bcd8ef', '#f0c7a2', '#15120f'],
  },
  noor: {
    handle: 'noor',
    displayName: 'نور الهاشمي',
    about: 'أكتب من عمّان عن الضوء والمدينة.',
    title: 'ضوء المدينة',
    note: 'has sent Mei a friend request',
    face: ['#f4e3b5', '#d9a679', '#3a2418'],
  },
  leo: {
    handle: 'leo',
    displayName: 'Leo',
    about: '',
    title: '',
    note: 'a stranger with public posts',
    face: null,
  },
  spam: {
    handle: 'best_deals',
    displayName: 'BEST DEALS 24/7',
    about: 'Buy now!',
    title: '',
    note: 'is blocked by Mei',
    face: null,
  },
} as const satisfies Record<string, SamplePerson>

export type PersonName = keyof typeof PEOPLE
