import type { Audience, Relationship } from '../../../generated/graphql/internal/communication.ts'
import { mayOpenPage, mayPlay } from './policy.ts'

const PUBLIC_ONLY = { PUBLIC: true, FRIENDS: false, ONLY_ME: false }
const NOTHING = { PUBLIC: false, FRIENDS: false, ONLY_ME: false }

const PLAYS: Record<Relationship, Record<Audience, boolean>> = {
  SELF: { PUBLIC: true, FRIENDS: true, ONLY_ME: true },
  FRIEND: { PUBLIC: true, FRIENDS: true, ONLY_ME: false },
  REQUEST_SENT: PUBLIC_ONLY,
  REQUEST_RECEIVED: PUBLIC_ONLY,
  NONE: PUBLIC_ONLY,
  BLOCKED: NOTHING,
}

const cases = Object.entries(PLAYS).flatMap(([relationship, row]) =>
  Object.entries(row).map(([audience, plays]) => ({ relationship, audience, plays })),
) as { relationship: Relationship; audience: Audience; plays: boolean }[]

describe('mayPlay', () => {
  it.each(cases)('returns $plays for $relationship and $audience', ({ relationship, audience, plays }) => {
    expect(mayPlay({ relationship, audience, isGone: false })).toBe(plays)
  })

  it.each(cases)(
    'returns false for deleted media ($relationship, $audience)',
    ({ relationship, audience }) => {
      expect(mayPlay({ relationship, audience, isGone: true })).toBe(false)
    },
  )

  it.each(['PUBLIC', 'FRIENDS', 'ONLY_ME'] as const)(
    'returns false if the owner does not exist for the viewer (%s)',
    (audience) => {
      expect(mayPlay({ relationship: null, audience, isGone: false })).toBe(false)
    },
  )
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
