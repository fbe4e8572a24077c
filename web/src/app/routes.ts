/** The parts of the client that have an address. */
export type Route =
  | { name: 'home' | 'discover' | 'inbox' | 'friends' | 'write' | 'me' }
  | { name: 'settings'; part: SettingsPart | null }
  | { name: 'lists'; id: string | null }
  | { name: 'moblog' | 'post' | 'edit' | 'tag'; id: string }

const SETTINGS = [
  'profile',
  'sessions',
  'storage',
  'blocked',
  'muted',
  'hidden',
  'password',
  'delete',
] as const

/** A part of the settings. */
export type SettingsPart = (typeof SETTINGS)[number]

const PLAIN = ['home', 'discover', 'inbox', 'friends', 'write', 'me'] as const
const WITH_ID = ['moblog', 'post', 'edit', 'tag'] as const

/** Reads the fragment of the address, such as `#/post/123`. Unknown addresses lead home. */
export function readRoute(fragment: string): Route {
  const [first = '', second = ''] = fragment
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decoded)
  const plain = PLAIN.find((name) => name === first)
  if (plain) return { name: plain }
  const withId = WITH_ID.find((name) => name === first)
  if (withId && second !== '') return { name: withId, id: second }
  if (first === 'lists') return { name: 'lists', id: second === '' ? null : second }
  if (first === 'settings')
    return { name: 'settings', part: SETTINGS.find((part) => part === second) ?? null }
  return { name: 'home' }
}

/** Returns the fragment that leads to a part of the client. */
export function addressOf(route: Route): string {
  if (route.name === 'settings') return route.part ? `#/settings/${route.part}` : '#/settings'
  if (route.name === 'lists' && route.id === null) return '#/lists'
  if ('id' in route) return `#/${route.name}/${encodeURIComponent(route.id ?? '')}`
  return route.name === 'home' ? '#/' : `#/${route.name}`
}

/** Where a screen begins, after its address: the comments of a post, and the field of the search. */
export const PLACES = { comments: '/comments', search: '/search' } as const

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
