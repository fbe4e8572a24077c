import { GraphQLScalarType } from 'graphql'
import { createFeed } from './feed/feed.ts'
import { assemble, type Module } from './module.ts'

const run = async () => {}
const route = (path: string) => ({ path, handle: () => {} })
const job = (name: string) => ({ name, everyMs: 1_000, run })

it('merges the fields of all modules', () => {
  const one = () => 1
  const two = () => 2
  const Time = new GraphQLScalarType({ name: 'Time' })
  const { resolvers, internalResolvers } = assemble([
    { resolvers: { Time, Query: { one } }, internalResolvers: { Mutation: { one } } },
    { resolvers: { Query: { two }, Thing: { two } } },
  ])
  expect(resolvers).toEqual({ Time, Query: { one, two }, Thing: { two } })
  expect(internalResolvers).toEqual({ Mutation: { one } })
})

it('concatenates routes, jobs and handlers, and passes the feed on', () => {
  const feed = createFeed()
  const service = assemble([
    { routes: [route('/a')], jobs: [job('a')], outboxHandlers: { a: run } },
    { routes: [route('/b')], jobs: [job('b')], outboxHandlers: { b: run }, feed },
  ])
  expect(service.routes.map(({ path }) => path)).toEqual(['/a', '/b'])
  expect(service.jobs.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(service.outboxHandlers).toEqual({ a: run, b: run })
  expect(service.feed).toBe(feed)
  expect(assemble([]).feed).toBeNull()
})

it.each<[string, Module]>([
  ['The field Query.one', { resolvers: { Query: { one: run } } }],
  ['The field Mutation.one', { internalResolvers: { Mutation: { one: run } } }],
  ['The type Time', { resolvers: { Time: new GraphQLScalarType({ name: 'Time' }) } }],
  ['The path /a', { routes: [route('/a')] }],
  ['The topic a', { outboxHandlers: { a: run } }],
  ['The job a', { jobs: [job('a')] }],
  ['Two modules define a feed', { feed: createFeed() }],
])('fails if two modules define the same: %s', (message, module) => {
  expect(() => assemble([module, module])).toThrow(message)
})

it('is ready as soon as every module is ready', async () => {
  let isReady = false
  const { ready } = assemble([
    {},
    {
      async ready() {
        if (!isReady) throw new Error('not yet')
      },
    },
  ])
  await expect(ready()).rejects.toThrow('not yet')
  isReady = true
  await ready()
})

it('stops modules one after the other, each before those that it depends on', async () => {
  const steps: string[] = []
  const stopping = (name: string) => ({
    async stop() {
      steps.push(`${name} stops`)
      await Promise.resolve()
      steps.push(`${name} has stopped`)
    },
  })
  await assemble([stopping('low'), {}, stopping('high')]).stop()
  expect(steps).toEqual(['high stops', 'high has stopped', 'low stops', 'low has stopped'])
})
