import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { MAX_UNANSWERED } from './request-limits.ts'

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication({ FRIEND_REQUESTS_PER_DAY: '10', FRIEND_REQUESTS_PER_PAIR: '4' })
})

afterAll(() => app.close())
beforeEach(() => {
  app.time.ahead = 0
})

const people = (count: number) => app.people(...Array.from({ length: count }, () => `limited_${++names}`))
const does = async (who: string, verb: string, whom: string) => {
  const query = `mutation { result: ${verb}(input: { userId: "${whom}" }) {
    __typename ... on RequestFailed { code message }
  } }`
  const { result } = (await app.ask(query, {}, viewer(who))).data
  return result.code ?? 'done'
}
const ask = (who: string, whom: string) => does(who, 'requestFriend', whom)
const days = (count: number) => {
  app.time.ahead += count * 86_400_000
}

it('a user may send a limited number of friend requests in a day, and again on the next day', async () => {
  const [me = '', ...others] = await people(13)
  const answers: string[] = []
  for (const other of others) answers.push(await ask(me, other))
  expect(answers).toEqual([...Array(10).fill('done'), 'RATE_LIMITED', 'RATE_LIMITED'])
  days(1)
  expect(await ask(me, others[11] ?? '')).toBe('done')
})

it('the daily limit holds for simultaneous requests', async () => {
  const [me = '', ...others] = await people(15)
  const answers = await Promise.all(others.map((other) => ask(me, other)))
  expect(answers.filter((answer) => answer === 'done')).toHaveLength(10)
})

it('repeated requests, unknown users and acceptances do not count for the limit', async () => {
  const [me = '', friend = '', asked = ''] = await people(3)
  for (let i = 0; i < 12; i++) await ask(me, asked)
  for (let i = 0; i < 12; i++) await ask(me, newId())
  await ask(friend, me)
  expect(await ask(me, friend)).toBe('done')
})

it('requests to the same user are limited per week, also if they are cancelled', async () => {
  const [me = '', other = ''] = await people(2)
  const answers: string[] = []
  for (let i = 0; i < 5; i++) {
    answers.push(await ask(me, other))
    await does(me, 'cancelFriendRequest', other)
  }
  expect(answers).toEqual([...Array(4).fill('done'), 'RATE_LIMITED'])
  days(7)
  expect(await ask(me, other)).toBe('done')
})

it('a declined request lowers the limit for the same user only', async () => {
  const [me = '', other = '', third = ''] = await people(3)
  await ask(me, other)
  await does(other, 'declineFriendRequest', me)
  expect(await ask(me, other)).toBe('done')
  await does(other, 'declineFriendRequest', me)
  expect(await ask(me, other)).toBe('RATE_LIMITED')
  expect(await ask(me, third)).toBe('done')
  expect(await ask(other, me)).toBe('done')
})

it('the number of unanswered requests is limited until one is answered or cancelled', async () => {
  const [me = '', first = '', other = ''] = await people(3)
  await ask(me, first)
  await app.pool.query(
    `WITH made AS (
       INSERT INTO users (id, handle, handle_key, display_name, created_at)
       SELECT gen_random_uuid(), 'waits_' || n, 'waits_' || n, 'Waits', now() FROM generate_series(1, $2) AS n RETURNING id
     )
     INSERT INTO relationships (user_id, other_id, kind, since)
     SELECT $1::uuid, id, 'REQUEST_SENT'::relationship_kind, now() FROM made
     UNION ALL SELECT id, $1::uuid, 'REQUEST_RECEIVED', now() FROM made`,
    [me, MAX_UNANSWERED - 1],
  )
  expect(await ask(me, other)).toBe('RATE_LIMITED')
  await does(first, 'acceptFriendRequest', me)
  expect(await ask(me, other)).toBe('done')
})

it('a reached limit does not reveal whether a user is blocked or unknown', async () => {
  const [me = '', blocker = '', ...others] = await people(13)
  await does(blocker, 'blockUser', me)
  for (const other of others) await ask(me, other)
  expect(await ask(me, blocker)).toBe('NOT_FOUND')
  expect(await ask(me, newId())).toBe('NOT_FOUND')
})
