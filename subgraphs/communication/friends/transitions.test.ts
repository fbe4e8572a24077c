import type { RelationshipKind } from '../people/relationship.ts'
import { mirrored, nextRelationship, type Step, type Transition } from './transitions.ts'

const sent: Transition = { to: 'REQUEST_SENT', revokes: false }
const friends: Transition = { to: 'FRIEND', revokes: false }
const nothing: Transition = { to: 'NONE', revokes: false }
const ended: Transition = { to: 'NONE', revokes: true }
const blocked: Transition = { to: 'BLOCKED', revokes: true }

const STEPS: Step[] = ['request', 'cancel', 'accept', 'decline', 'unfriend', 'block', 'unblock']
const no = 'no such user'
const same = 'unchanged'
const late = 'friends already'

// One column for each step, in the order above.
const TABLE: Record<RelationshipKind, Transition[]> = {
  NONE: [sent, same, 'not asked', same, same, blocked, same],
  REQUEST_SENT: [same, nothing, 'not asked', same, same, blocked, same],
  REQUEST_RECEIVED: [friends, same, friends, nothing, same, blocked, same],
  FRIEND: [same, late, same, late, ended, blocked, same],
  BLOCKED: ['blocked', same, 'blocked', same, same, same, nothing],
  BLOCKED_BY: [no, no, no, no, no, no, no],
}

const cases = (Object.keys(TABLE) as RelationshipKind[]).flatMap((kind) =>
  STEPS.map((step, column) => ({ kind, step, expected: TABLE[kind][column] })),
)

it.each(cases)('the step $step from $kind leads to $expected', ({ kind, step, expected }) => {
  expect(nextRelationship(kind, step)).toEqual(expected)
})

it.each(cases)('repeating the step $step from $kind changes nothing', ({ kind, step }) => {
  const first = nextRelationship(kind, step)
  if (typeof first === 'object') expect(nextRelationship(first.to, step)).toBe('unchanged')
})

it('mirroring a relationship twice returns the same relationship', () => {
  for (const kind of Object.keys(TABLE) as RelationshipKind[]) expect(mirrored(mirrored(kind))).toBe(kind)
})
