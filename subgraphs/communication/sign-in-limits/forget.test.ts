import {
  startTestCommunication,
  type TestCommunication,
} from '../../../testing/communication/communication.ts'
import { forgetOldAttempts } from './attempt-store.ts'
import { forgetOldNetworks } from './known-network-store.ts'

let app: TestCommunication

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const LIMIT = new Date('2100-01-02')
// Later than what the service itself forgets in the background.
const DAYS = ['2100-01-01', '2100-01-03']

it('deletes the counts of attempts that are older than an instant, and no others', async () => {
  await app.pool.query(
    `INSERT INTO password_attempts (key, count, last_at, blocked_until)
     SELECT 'to ' || day, 1, day::timestamptz, to_timestamp(0) FROM unnest($1::text[]) AS day`,
    [DAYS],
  )
  await forgetOldAttempts(app.pool, LIMIT)
  const { rows } = await app.pool.query('SELECT key FROM password_attempts')
  expect(rows).toEqual([{ key: 'to 2100-01-03' }])
})

it('deletes known networks without a sign-in since an instant, and no others', async () => {
  const [ada] = await app.people('ada')
  await app.pool.query(
    `INSERT INTO known_networks (user_id, network, last_at)
     SELECT $1::uuid, convert_to(day, 'UTF8'), day::timestamptz FROM unnest($2::text[]) AS day`,
    [ada, DAYS],
  )
  await forgetOldNetworks(app.pool, LIMIT)
  const { rows } = await app.pool.query(`SELECT convert_from(network, 'UTF8') AS network FROM known_networks`)
  expect(rows).toEqual([{ network: '2100-01-03' }])
})
