import type { Relationship } from '../../../generated/graphql/internal/communication.ts'
import { mayOpenPage, mayPlay, playableUntil, type Showing } from './policy.ts'

const NOW = new Date('2026-01-02')
const LATER = new Date('2026-01-03')

const showing = (audience: Showing['audience'], isInList: boolean | null = null): Showing => ({
  audience,
  isInList,
  expiresAt: null,
})
const SHOWINGS = {
  PUBLIC: showing('PUBLIC'),
  FRIENDS: showing('FRIENDS'),
  ONLY_ME: showing('ONLY_ME'),
  'ONLY_LIST with the viewer': showing('ONLY_LIST', true),
  'ONLY_LIST without the viewer': showing('ONLY_LIST', false),
  'ONLY_LIST, deleted list': showing('ONLY_LIST'),
  'EXCEPT_LIST with the viewer': showing('EXCEPT_LIST', true),
  'EXCEPT_LIST without the viewer': showing('EXCEPT_LIST', false),
  'EXCEPT_LIST, deleted list': showing('EXCEPT_LIST'),
}
type Name = keyof typeof SHOWINGS

const NAMES = Object.keys(SHOWINGS) as Name[]
const PLAYS: Record<Relationship, Name[]> = {
  SELF: NAMES,
  FRIEND: ['PUBLIC', 'FRIENDS', 'ONLY_LIST with the viewer', 'EXCEPT_LIST without the viewer'],
  REQUEST_SENT: ['PUBLIC'],
  REQUEST_RECEIVED: ['PUBLIC'],
  NONE: ['PUBLIC'],
  BLOCKED: [],
}

const cases = Object.entries(PLAYS).flatMap(([relationship, plays]) =>
  NAMES.map((name) => ({ relationship, name, plays: plays.includes(name) })),
) as { relationship: Relationship; name: Name; plays: boolean }[]

describe('mayPlay', () => {
  it.each(cases)('returns $plays for $relationship and $name', ({ relationship, name, plays }) => {
    expect(mayPlay({ relationship, showings: [SHOWINGS[name]], isGone: false }, NOW)).toBe(plays)
  })

  it.each(cases)('returns false for deleted media ($relationship, $name)', ({ relationship, name }) => {
    expect(mayPlay({ relationship, showings: [SHOWINGS[name]], isGone: true }, NOW)).toBe(false)
  })

  it.each(NAMES)('returns false if the owner does not exist for the viewer (%s)', (name) => {
    expect(mayPlay({ relationship: null, showings: [SHOWINGS[name]], isGone: false }, NOW)).toBe(false)
  })

  it.each(cases)(
    'returns false after the post has expired ($relationship, $name)',
    ({ relationship, name }) => {
      const showings = [{ ...SHOWINGS[name], expiresAt: NOW }]
      expect(mayPlay({ relationship, showings, isGone: false }, NOW)).toBe(relationship === 'SELF')
    },
  )
})

describe('playableUntil', () => {
  const until = (...showings: Showing[]) => playableUntil({ relationship: 'FRIEND', showings, isGone: false })

  it('returns when the last post expires that shows the media to the viewer', () => {
    const soon = { ...SHOWINGS.PUBLIC, expiresAt: NOW }
    const late = { ...SHOWINGS.FRIENDS, expiresAt: LATER }
    expect(until(soon, late, SHOWINGS['ONLY_LIST without the viewer'])).toBe(LATER.getTime())
    expect(until(soon, SHOWINGS['ONLY_LIST with the viewer'])).toBe(Number.POSITIVE_INFINITY)
    expect(until()).toBe(0)
  })
})

describe('mayOpenPage', () => {
  it.each([
    ['SELF', true],
    ['FRIEND', true],
    ['REQUEST_SENT', true],
    ['REQUEST_RECEIVED', true],
    ['NONE', true],
    ['BLOCKED', false],
    [null, false],
  ] as const)('for %s returns %s', (relationship, opens) => {
    expect(mayOpenPage(relationship)).toBe(opens)
  })
})
