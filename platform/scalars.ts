import { GraphQLScalarType } from 'graphql'
import { GraphQLDateTimeISO, GraphQLSafeInt } from 'graphql-scalars'
import { badInput } from './errors.ts'

/** An instant: a `Date` internally, RFC 3339 in UTC in the API. */
export const DateTime = new GraphQLScalarType({ ...GraphQLDateTimeISO.toConfig(), name: 'DateTime' })

/** An absolute http or https address: a string both internally and in the API. */
export const WebAddress = new GraphQLScalarType<string, string>({ name: 'WebAddress', serialize: String })

/** A whole number of bytes, 0 … 2^53-1, as a JSON number. */
export const ByteCount = new GraphQLScalarType<number, number>({
  name: 'ByteCount',
  serialize: (value) => nonNegative(GraphQLSafeInt.serialize(value)),
  parseValue: (value) => nonNegative(GraphQLSafeInt.parseValue(value)),
  parseLiteral: (node, variables) => nonNegative(GraphQLSafeInt.parseLiteral(node, variables)),
})

function nonNegative(value: string | number): number {
  const bytes = Number(value)
  if (bytes < 0) throw badInput('A number of bytes must be an integer of 0 or more.')
  return bytes
}
