import { buildSubgraphSchema } from '@apollo/subgraph'
import { buildSchema, isEnumType, isInterfaceType, parse } from 'graphql'
import { internalSdl, subgraphSdl } from '../../../../schema/subgraph-sdl.ts'
import { startTestCommunication } from '../../../../testing/communication/communication.ts'
import { inboxOf } from '../../../../testing/communication/inbox.ts'
import { deliver } from '../notification-store.ts'
import { notificationKinds } from './kinds.ts'

describe('the kinds of notifications', () => {
  it('are one for each GraphQL type that implements Notification', () => {
    const schema = buildSubgraphSchema(parse(subgraphSdl('communication')))
    const notification = schema.getType('Notification')
    const types = isInterfaceType(notification) ? schema.getImplementations(notification).objects : []
    expect(notificationKinds.map(({ type }) => type).sort()).toEqual(types.map(({ name }) => name).sort())
    expect(types.length).toBeGreaterThan(7)
  })

  it('have different names, which need no escape in SQL', () => {
    const names = notificationKinds.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[A-Z_]+$/)
  })

  it.each([
    ['PostActivity', 'onPostActivity', ['DELETED']],
    ['UploadActivity', 'onUploadActivity', []],
  ] as const)('handle every %s that other services report', (type, handlers, handledForAll) => {
    const activity = buildSchema(internalSdl('communication')).getType(type)
    const values = isEnumType(activity) ? activity.getValues().map(({ name }) => name) : []
    const handled = notificationKinds.flatMap((kind) => Object.keys(kind[handlers] ?? {}))
    expect([...new Set([...handled, ...handledForAll])].sort()).toEqual(values.sort())
  })
})

it('a notification of a kind that only a newer version knows is not shown and not counted', async () => {
  const app = await startTestCommunication()
  const [reader = ''] = await app.people('earlier')
  const execute = async (sql: string, ...values: unknown[]) =>
    (await app.pool.query(sql, values)).rowCount ?? 0
  const notification = { subject: 'unknown', at: new Date() }
  await deliver({ $executeRawUnsafe: execute }, { name: 'MEDIA_IMAGINED' }, [reader], notification)
  expect((await app.pool.query('SELECT FROM notifications')).rowCount).toBe(1)
  expect(await inboxOf(app, reader)).toMatchObject({ shown: [], unread: 0 })
  await app.close()
})
