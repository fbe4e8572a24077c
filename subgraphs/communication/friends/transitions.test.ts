import type { Tie } from './relationship.ts'
import { mirrored, nextTie, type Step, type Transition } from './transitions.ts'

const sent: Transition = { to: 'REQUEST_SENT', revokes: false }
const friends: Transition = { to: 'FRIEND', revokes: false }
const ended: Transition = { to: 'NONE', revokes: true }
const blocked: Transition = { to: 'BLOCKED', revokes: true }

const TABLE: Record<Tie, Record<Step, Transition>> = {
  NONE: { request: sent, accept: 'not asked', unfriend: 'unchanged', block: blocked },
  REQUEST_SENT: { request: 'unchanged', accept: 'not asked', unfriend: 'unchanged', block: blocked },
  REQUEST_RECEIVED: { request: friends, accept: friends, unfriend: 'unchanged', block: blocked },
  FRIEND: { request: 'unchanged', accept: 'unchanged', unfriend: ended, block: blocked },
  BLOCKED: { request: 'blocked', accept: 'blocked', unfriend: 'unchanged', block: 'unchanged' },
  BLOCKED_BY: {
    request: 'no such user',
    accept: 'no such user',
    unfriend: 'no such user',
    block: 'no such user',
  },
}

const cases = Object.entries(TABLE).flatMap(([tie, row]) =>
  Object.entries(row).map(([step, expected]) => ({ tie, step, expected })),
) as { tie: Tie; step: Step; expected: Transition }[]

it.each(cases)('from $tie, $step leads to $expected', ({ tie, step, expected }) => {
  expect(nextTie(tie, step)).toEqual(expected)
})

it('looks the same from both sides when mirrored twice', () => {
  for (const tie of Object.keys(TABLE) as Tie[]) expect(mirrored(mirrored(tie))).toBe(tie)
})
