import fc from 'fast-check'
import { addressOf, type Route, readRoute } from './routes.ts'

const id = fc.string({ minLength: 1 }).filter((text) => text.isWellFormed())
const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.record({ name: fc.constantFrom('home', 'discover', 'inbox', 'friends', 'write', 'me') }),
  fc.record({ name: fc.constantFrom('moblog', 'post', 'edit', 'tag'), id }),
  fc.record({ name: fc.constant('lists' as const), id: fc.option(id) }),
  fc.record({ name: fc.constant('settings' as const), part: fc.constantFrom(null, 'profile', 'storage') }),
)

describe('routes', () => {
  it('are read as they were written', () => {
    fc.assert(fc.property(routes, (route) => expect(readRoute(addressOf(route))).toEqual(route)))
  })

  it('lead home from any other address', () => {
    expect(readRoute('')).toEqual({ name: 'home' })
    expect(readRoute('#/post/')).toEqual({ name: 'home' })
    expect(readRoute('#/nowhere/1')).toEqual({ name: 'home' })
    fc.assert(fc.property(fc.string(), (text) => expect(readRoute(text)).toHaveProperty('name')))
  })
})
