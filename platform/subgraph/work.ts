import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNullableType,
  isIntrospectionType,
  isListType,
  isObjectType,
} from 'graphql'
import { VisibleError } from '../errors.ts'
import { nextTurn } from '../pauses.ts'

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
  /** Whether the response has become large, or may have many errors, so that each step of making it takes long. */
  isLarge(): boolean
  /** Lets other requests run if the response is large. Call it between the steps of making the response. */
  rest(): Promise<void>
  /**
   * Lets other requests run, now and at each `rest`, because a request failed. Each field that lacks its data needs an error,
   * and all operations that wait for a service fail at the same moment.
   */
  restAfterFailure(): Promise<void>
  /** The error, if the limit was exceeded. */
  refusal: VisibleError | null
  /** Whether the operation has begun to change data. What it read before may no longer be true. */
  hasChanges: boolean
}

// The gateway refuses most operations that are too costly before they run. These limits are for what shows only during
// execution, such as long texts, and for gateways that refuse nothing.
const MAX_VALUES = 100_000

/**
 * How long what an operation has read counts as current, in milliseconds. Its later steps read again what is older, so that a
 * slow operation does not decide with what was true when it began.
 */
export const CURRENT_MS = 250

// Each step of making a response of this size takes about a millisecond.
const LARGE_BYTES = 200_000

/** The largest response of an operation, in bytes. */
export const MAX_RESPONSE_BYTES = 16_000_000

/**
 * Creates the response budget of one operation.
 *
 * @param isLong called when the operation rests, because its response takes long to make
 */
export function createWork(
  { maxValues = MAX_VALUES, maxBytes = MAX_RESPONSE_BYTES } = {},
  isLong: () => void = () => {},
): Work {
  let values = 0
  let bytes = 0
  let hasFailed = false
  const work: Work = {
    refusal: null,
    hasChanges: false,
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
    isLarge: () => hasFailed || bytes > LARGE_BYTES,
    async rest() {
      if (!work.isLarge()) return
      isLong()
      await nextTurn()
    },
    restAfterFailure() {
      hasFailed = true
      return work.rest()
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
 * Makes the lists of a schema spend from the operation's budget before their items are processed. Texts are counted by
 * `spendTexts`.
 */
export function limitWork(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue
    for (const field of Object.values(type.getFields())) {
      if (isListType(getNullableType(field.type)))
        field.resolve = spending(field.resolve ?? defaultFieldResolver)
    }
  }
  return schema
}

function spending(
  resolve: GraphQLFieldResolver<unknown, WorkContext>,
): GraphQLFieldResolver<unknown, WorkContext> {
  return (source, args, context, info) => {
    const { work } = context
    const value = resolve(source, args, context, info)
    if (!work) return value
    return value instanceof Promise
      ? value.then((settled) => spendItems(settled, work))
      : spendItems(value, work)
  }
}

function spendItems(value: unknown, work: Work): unknown {
  if (Array.isArray(value)) work.spend(value.length, 0)
  return value
}

/**
 * Spends the texts of a result from the operation's budget, before they are copied into a response. A result that exceeds
 * it sets `work.refusal`.
 */
export function spendTexts(data: unknown, work: Work): void {
  const sum = { texts: 0, bytes: 0 }
  addTexts(data, sum)
  try {
    work.spend(sum.texts, sum.bytes)
  } catch (error) {
    if (error !== work.refusal) throw error
  }
}

// The depth of a result is the depth of its document, which is limited.
function addTexts(value: unknown, sum: { texts: number; bytes: number }): void {
  if (typeof value === 'string') {
    sum.texts += 1
    sum.bytes += Buffer.byteLength(value)
  } else if (Array.isArray(value)) {
    for (const item of value) addTexts(item, sum)
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) addTexts(value[key as keyof typeof value], sum)
  }
}
