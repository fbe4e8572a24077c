import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isIntrospectionType,
  isListType,
  isObjectType,
  isScalarType,
} from 'graphql'
import { VisibleError } from '../errors.ts'

/** How much data an operation may still return. All requests made on its behalf share it. */
export type Work = {
  /**
   * Takes from what is left.
   *
   * @param values the number of list items and texts
   * @param bytes the size of texts in UTF-8, or of a response
   * @throws VisibleError `OPERATION_TOO_COSTLY` if not enough is left
   */
  spend(values: number, bytes: number): void
  /** The error, if the limit was exceeded. */
  refusal: VisibleError | null
}

// The gateway refuses most operations that are too costly before they run. These limits are for what shows only during
// execution, such as long texts, and for gateways that refuse nothing.
const MAX_VALUES = 100_000

/** The largest response of an operation, in bytes. */
export const MAX_RESPONSE_BYTES = 16_000_000

/** Creates the response budget of one operation. */
export function createWork(maxValues = MAX_VALUES, maxBytes = MAX_RESPONSE_BYTES): Work {
  let values = 0
  let bytes = 0
  const work: Work = {
    refusal: null,
    spend(moreValues, moreBytes) {
      values += moreValues
      bytes += moreBytes
      if (values > maxValues || bytes > maxBytes) {
        work.refusal ??=
          values > maxValues
            ? tooCostly(`${values} items and texts; the limit is ${maxValues}`)
            : tooCostly(`${bytes} bytes; the limit is ${maxBytes}`)
        throw work.refusal
      }
    },
  }
  return work
}

/** The error for an operation whose response is too large. */
export function tooCostly(reason: string): VisibleError {
  return new VisibleError(
    'OPERATION_TOO_COSTLY',
    `The response would have ${reason}. Request smaller pages or fewer fields.`,
    { http: { status: 400 } },
  )
}

type WorkContext = { work?: Work }

/**
 * Makes the fields of a schema spend from the operation's budget before the items and texts that they return are
 * processed.
 */
export function limitWork(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue
    for (const field of Object.values(type.getFields())) {
      const price = priceOf(field.type)
      if (price) field.resolve = spending(field.resolve ?? defaultFieldResolver, price)
    }
  }
  return schema
}

type Price = (value: unknown, work: Work) => void

function priceOf(type: GraphQLOutputType): Price | null {
  const nullable = getNullableType(type)
  if (isListType(nullable)) {
    return (value, work) => {
      if (Array.isArray(value)) work.spend(value.length, 0)
    }
  }
  if (!isScalarType(nullable)) return null
  return (value, work) => {
    if (typeof value === 'string') work.spend(1, Buffer.byteLength(value))
  }
}

function spending(
  resolve: GraphQLFieldResolver<unknown, WorkContext>,
  price: Price,
): GraphQLFieldResolver<unknown, WorkContext> {
  return (source, args, context, info) => {
    const { work } = context
    const value = resolve(source, args, context, info)
    if (!work) return value
    if (value instanceof Promise) {
      return value.then((settled) => {
        price(settled, work)
        return settled
      })
    }
    price(value, work)
    return value
  }
}
