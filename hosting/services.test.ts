import { SUBGRAPH_NAMES } from '../schema/subgraph-sdl.ts'
import { PROGRAMS } from './programs.ts'
import { callersOf, SERVICES, SUBGRAPHS } from './services.ts'

describe('the manifest', () => {
  it('lists exactly the subgraphs that have a schema', () => {
    expect([...SUBGRAPHS].sort()).toEqual(SUBGRAPH_NAMES)
  })

  it.each(SERVICES)('$name calls other services of the manifest, and not itself', ({ name, calls }) => {
    expect(calls.filter((other) => !SUBGRAPHS.some((known) => known === other) || other === name)).toEqual([])
  })

  it('gives each service a separate port', () => {
    expect(new Set([4000, ...SERVICES.map(({ port }) => port)]).size).toBe(SERVICES.length + 1)
  })

  it.each(SUBGRAPHS)('has a program that runs %s', (name) => {
    expect(PROGRAMS.has(name)).toBe(true)
  })
})

it('a service is called by the gateway and by the services that name it', () => {
  expect(callersOf('blog')).toEqual(['gateway', 'communication'])
  expect(callersOf('communication')).toEqual(['gateway', 'storage', 'blog'])
})
