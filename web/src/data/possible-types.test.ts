import { readFileSync } from 'node:fs'
import { buildSchema, isInterfaceType } from 'graphql'
import { POSSIBLE_TYPES } from './possible-types.ts'

it('the cache knows the types of all interfaces of the API', () => {
  const schema = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'))
  const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType)
  const expected = interfaces.map((each) => {
    const types = schema.getPossibleTypes(each)
    return [each.name, types.map(({ name }) => name).sort()]
  })
  expect(POSSIBLE_TYPES).toEqual(Object.fromEntries(expected))
})
